"""What a backbone is judged on."""
