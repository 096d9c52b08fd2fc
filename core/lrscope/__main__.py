"""`python -m lrscope` is the console script."""

from lrscope.cli import main

main()
