# What the shell tests of `ifstop` have in common, to be sourced: the program is their first argument, they work in a folder
# of their own, and $bad is 1 once something was not as expected.
set -u
ifstop="$(realpath "$1")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
[ -x "$ifstop" ] || { echo "no program $ifstop"; exit 1; }
bad=0

# same NAME EXPECTED GOT
same() {
  if [ "$2" != "$3" ]; then
    printf '%s: expected\n%s\ngot\n%s\n' "$1" "$2" "$3"
    bad=1
  fi
}
