"""What the tests of `ifstop` as other programs call it have in common; the program's path is their first argument."""
import subprocess
import sys

checks = 0
work = None  # a folder that is left behind for looking at where a check fails


def check(what, ok, seen=""):
    global checks
    checks += 1
    if not ok:
        sys.exit(f"FAILED: {what}\n{seen}" + (f"\n(the files are in {work})" if work else ""))


def ifstop(*args, text=""):
    """Exit code, standard output and standard error; `text` (or bytes) is its standard input."""
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run([sys.argv[1], *map(str, args)], input=data, capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")


def finish():
    print(f"{checks} checks passed")
