#!/usr/bin/env bash
# Where ifstop reads and writes: streams_test.sh PATH_OF_IFSTOP. FIFOs, links, a full or closed standard output, files of
# others; numbers out of range, JSON nested too deep, arrays where lines are needed.
. "$(dirname "$0")/calling.sh"
# holds NAME PART GOT
holds() {
  case "$3" in *"$2"*) ;; *) printf '%s: expected\n%s\nin\n%s\n' "$1" "$2" "$3"; bad=1 ;; esac
}
# fails NAME PART COMMAND…: exit code 2, PART on standard error
fails() {
  local name="$1" part="$2" text code=0
  shift 2
  text="$("$@" 2>&1 >/dev/null)" || code=$?
  same "$name, exit code" 2 "$code"
  holds "$name" "$part" "$text"
}

row='{"prompt": "What is the capital of France?", "response": "The capital of France is Paris."}'
echo "$row" >rows.jsonl
for x in 0 128 256; do echo "{\"curve\": 1, \"examples\": $x, \"successes\": 10, \"trials\": 20}"; done >curve.jsonl

# --out: a FIFO is written into and stays one, a link stays a link, other people's files beside it stay.
mkfifo fifo
"$ifstop" score rows.jsonl --out fifo >/dev/null &
same "a FIFO" '"strict":true' "$(timeout 60 cat fifo | grep -o '"strict":true')"
wait $!
same "stays a FIFO" yes "$([ -p fifo ] && echo yes)"
mkdir far
echo old >far/target.jsonl
ln -s far/target.jsonl link.jsonl
echo mine >link.jsonl.part
echo mine >far/target.jsonl.tmp
chmod 640 far/target.jsonl
"$ifstop" score rows.jsonl --out link.jsonl >/dev/null
same "a link stays" far/target.jsonl "$(readlink link.jsonl)"
same "and leads to the rows" 1 "$(grep -c '"strict":true' far/target.jsonl)"
same "of the same permissions" 640 "$(stat -c %a far/target.jsonl)"
ln -s far/new.jsonl dangling.jsonl
"$ifstop" score rows.jsonl --out dangling.jsonl >/dev/null
same "a link to nothing yet" 1 "$(grep -c strict far/new.jsonl)"
same "files of others" "mine mine" "$(cat link.jsonl.part) $(cat far/target.jsonl.tmp)"
fails "half a file is bad" "rows2.jsonl:2: not valid JSON" bash -c "(cat rows.jsonl; echo '{') >rows2.jsonl; '$ifstop' score rows2.jsonl --out new.jsonl"
same "nothing is left of it" "" "$(ls | grep new.jsonl)"
fails "a folder as --out" "far: is a folder; name a file in it" "$ifstop" score rows.jsonl --out far
same "--out /dev/stdout" 1 "$("$ifstop" score rows.jsonl --json --out /dev/stdout | grep -c '"strict":true')"

# Standard output that is full or closed.
for command in "score rows.jsonl" "score rows.jsonl --json" "score rows.jsonl --out -" "compare rows.jsonl rows.jsonl" \
    "compare rows.jsonl rows.jsonl --json" "replay curve.jsonl" "replay curve.jsonl --json" "--help" "score --help" "--version"; do
  fails "$command > full" "standard output: cannot be written: No space left on device" bash -c "exec '$ifstop' $command >/dev/full"
  fails "$command > closed" "standard output: cannot be written: Bad file descriptor" bash -c "exec '$ifstop' $command >&-"
done
"$ifstop" score rows.jsonl --out closed.jsonl >&- 2>/dev/null
same "what goes to a file keeps apart from a closed output" 1 "$(wc -l <closed.jsonl)"

# Numbers out of range.
curve() { echo "$1" | "$ifstop" replay - --json; }
for key in examples successes trials; do
  line="{\"curve\": 1, \"examples\": 0, \"successes\": 1, \"trials\": 2, \"$key\": 18446744073709551615}"
  fails "$key" "standard input:1: \"$key\" is 18446744073709551615, more than 9007199254740992" curve "$line"
  fails "$key, large" "standard input:1: \"$key\" is 1e+300, more than" curve "${line/18446744073709551615/1e300}"
done
event='{"kind": "eval", "step": 1, "examples": -5, "seconds": 1, "ifs": {"value": 0.5, "low": 0, "high": 1, "successes": 1, "trials": 2}}'
fails "an event's examples" 'standard input:1: "examples" is -5, not a whole number from 0 on' curve "$event"
fails "an event's successes" 'standard input:1: "ifs": 3 successes of 2 trials' curve "$(echo "$event" | sed 's/-5/5/;s/"successes": 1/"successes": 3/')"
fails "--planned-examples" "99999999999999999999 is not a whole number" "$ifstop" replay curve.jsonl --planned-examples 99999999999999999999

# Rows that are not what they should be.
deep="$(head -c 100000 /dev/zero | tr '\0' '[')"
printf '{"curve": %s' "$deep" >deep.jsonl
fails "a deep curve" "deep.jsonl:1: nested deeper than 100 levels" "$ifstop" replay deep.jsonl
printf '%s' "$deep" >far/config.json
echo "$event" | sed 's/-5/5/' >far/events.jsonl
fails "a deep config.json" "config.json: nested deeper than 100 levels" "$ifstop" report far
rm far/config.json
fails "NaN" "standard input:1: not valid JSON" curve '{"curve": 1, "examples": 0, "successes": NaN, "trials": 2}'
fails "bad UTF-8" "ill-formed UTF-8" curve "$(printf '{"curve": "\xff", "examples": 0}')"
printf '[\n%s,\n%s\n]\n' "$row" "$row" >array.json
fails "an array to score" "array.json:1: this is a JSON array; one object a line is needed (jq -c '.[]')" "$ifstop" score array.json
fails "an array to replay" "array.json:1: this is a JSON array; one object a line is needed" "$ifstop" replay array.json
sed 's/"step": 1/"step": "one"/' far/events.jsonl >far/e && mv far/e far/events.jsonl
fails "a step that is no number" 'far/events.jsonl:1: not an event: "step" is "one", not a whole number' "$ifstop" report far

# What replay leaves out, it says.
out="$({ cat curve.jsonl; echo '{"curve": 1, "examples": 128, "successes": 9, "trials": 20}'; echo '{"curve": 1, "examples": 64, "successes": 9, "trials": 20}'
  echo '{"kind": "note", "text": "x"}'; echo '{"curve": 1, "kind": "full", "examples": 512, "successes": 9, "trials": 20}'; } | "$ifstop" replay - --json 2>&1 >last)"
same "told in one line each" 2 "$(printf '%s\n' "$out" | wc -l)"
holds "out of order" "2 rows out of order or repeated (\"examples\" not above an earlier row's of the curve): ignored; the first: standard input:4" "$out"
holds "of no known kind" 'ifstop: 1 row without "curve" and of no "kind" that events.jsonl has: left out; the first: standard input:6' "$out"
same "a curve's row may have a kind" 512 "$(grep -o '"examples":[0-9]*' last | cut -d: -f2)"
mkdir run
{ echo "$event" | sed 's/-5/5/'; printf '{"kind": "eval", "st'; } >run/events.jsonl
out="$("$ifstop" replay run --json 2>&1 >last)"
same "a run that was killed while writing" "ifstop: run/events.jsonl:2: the last line is half written: left out" "$out"
same "is replayed" 1 "$(wc -l <last)"

# Option names with dashes, underscores and both.
same "spellings" "" "$(diff <("$ifstop" replay curve.jsonl --planned-examples 9) <("$ifstop" replay curve.jsonl --planned_examples=9))"

# On a terminal lines fit it.
if command -v script >/dev/null; then
  for command in "score rows.jsonl" "compare rows.jsonl rows.jsonl" "replay curve.jsonl"; do
    widest="$(script -qec "stty cols 80; '$ifstop' $command" /dev/null </dev/null | tr -d '\r' | wc -L)"
    same "$command in 80 columns ($widest)" yes "$([ "$widest" -le 80 ] && [ "$widest" -gt 20 ] && echo yes)"
  done
fi

exit $bad
