"""`python -m weakly`, and so `torchrun -m weakly pretrain ...`."""

from weakly.cli import main

if __name__ == "__main__":
    main()
