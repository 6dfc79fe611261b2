"""One module a section of the page: what it says, computed; `templates/` holds how it is said."""
