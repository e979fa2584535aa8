"""Let ``python -m camaudit`` run the command line."""

from camaudit.cli import main

if __name__ == "__main__":
    main()
