#!/usr/bin/env bash
# ifstop replay: replay_test.sh PATH_OF_IFSTOP. Curves in, decisions out, bad rows with their line.
. "$(dirname "$0")/calling.sh"
# fails NAME FILE-TEXT EXPECTED-ERROR [ARGUMENT…]
fails() {
  local name="$1" text="$2" expected="$3"
  shift 3
  printf '%s\n' "$text" >bad.jsonl
  local got code=0
  got="$("$ifstop" replay bad.jsonl "$@" 2>&1 >/dev/null)" || code=$?
  same "$name" "ifstop: $expected" "$got"
  same "$name, exit code" 2 "$code"
}

# Two curves, their rows mixed: one rises and rests, one is still rising.
x=0
for k in 39 83 118 144 161 170 177 181 187 185 188 186 189 187; do
  echo "{\"curve\": \"rests\", \"examples\": $x, \"successes\": $k, \"trials\": 200, \"note\": \"kept\"}"
  echo "{\"curve\": 2, \"examples\": $x, \"successes\": $((x / 16 + 10)), \"trials\": 200}"
  x=$((x + 128))
done >curves.jsonl

out="$("$ifstop" replay curves.jsonl --json)"
same "two objects" 2 "$(printf '%s\n' "$out" | wc -l)"
first="$(printf '%s\n' "$out" | head -1)"
same "the first stops" '{"curve":"rests","stopped":true,"examples":1664,"best_examples":1536,"rule":"default","reason":"ifs 0.935 has reached its plateau: 1.2 % ' \
  "${first%%chance*}"
same "and says how likely more helps" yes "$(printf '%s\n' "$first" | grep -q '"probability_more_helps":0.01[0-9]*}$' && echo yes)"
same "the second does not" '{"curve":2,"stopped":false,"examples":1664,"best_examples":1664' "$(printf '%s\n' "$out" | tail -1 | cut -c1-63)"

same "a row a point" 28 "$("$ifstop" replay curves.jsonl --json --trace | wc -l)"
same "several rules" 4 "$("$ifstop" replay curves.jsonl --json --rule patience --rule threshold | wc -l)"
same "options in the name, or beside it" \
  "$("$ifstop" replay curves.jsonl --rule patience --option patience=1 --json | cut -d, -f1-4)" \
  "$("$ifstop" replay curves.jsonl --rule patience:patience=1 --json | cut -d, -f1-4)"
same "Hugging Face's patience 1 stops at the first miss" '{"curve":"rests","stopped":true,"examples":1152,"best_examples":1024,"rule":"patience:patience=1,improvement=over_best","reason":"ifs 0.925 is not better than 0.935 at 1024 examples: miss 1 of 1","probability_more_helps":null}' \
  "$("$ifstop" replay curves.jsonl --rule patience:patience=1,improvement=over_best --json | head -1)"
same "for people" "rests · patience: stopped at 1408 examples (best at 1280): ifs 0.93 is not better than 0.94 at 1280 examples: miss 1 of 1" \
  "$("$ifstop" replay curves.jsonl --rule patience --option patience=1 --option min_evaluations=10 | head -1)"

# Rows as they come: each is answered before the next is sent.
coproc live { "$ifstop" replay - --follow --json --rule threshold:evaluations=1; }
live_pid="$live_PID" # bash forgets its own variable when the program has ended
echo '{"curve": "a", "examples": 8, "successes": 100, "trials": 200}' >&"${live[1]}"
read -r -t 60 answer <&"${live[0]}"
same "first answer" '{"curve":"a","stopped":false,"examples":8,"best_examples":8,"rule":"threshold:evaluations=1","reason":"ifs 0.5 (at least 0.4314) is below the threshold 0.9","probability_more_helps":null}' "$answer"
echo '{"curve": "a", "examples": 16, "successes": 195, "trials": 200}' >&"${live[1]}"
read -r -t 60 answer <&"${live[0]}"
same "second answer" 'true' "$(printf '%s' "$answer" | grep -o '"stopped":[a-z]*' | cut -d: -f2)"
live_in="${live[1]}"
exec {live_in}>&-
wait "$live_pid"

# A run's events: evaluations among other events; the default watches both metrics.
mkdir run
{
  echo '{"kind": "start", "step": 0, "examples": 0, "seconds": 0}'
  for x in 0 128 256; do
    echo "{\"kind\": \"train\", \"step\": $x, \"examples\": $x, \"seconds\": 1, \"loss\": 2.5}"
    echo "{\"kind\": \"eval\", \"step\": $x, \"examples\": $x, \"seconds\": 1, \"ifs\": {\"value\": 0.5, \"low\": 0.4, \"high\": 0.6, \"successes\": 50, \"trials\": 100}, \"ifs_strict\": {\"value\": 0.4, \"low\": 0.3, \"high\": 0.5, \"successes\": 40, \"trials\": 100}}"
  done
} >run/events.jsonl
same "a run folder" '{"curve":"run/events.jsonl","stopped":false,"examples":256,"best_examples":0,"rule":"default","reason":"ifs 0.500 may still gain: ' \
  "$("$ifstop" replay run --json | sed 's/[0-9.]* % chance.*//')"
same "the planned end is what still to come refers to" "by 100000" "$("$ifstop" replay run --planned-examples 100000 | grep -o 'by [0-9]*' | head -1)"

good='{"curve": 1, "examples": 0, "successes": 1, "trials": 2}'
fails "not JSON" "$good
nonsense" "bad.jsonl:2: not valid JSON: syntax error while parsing value - invalid literal; last read: 'no'"
fails "no curve" '{"examples": 0}' 'bad.jsonl:1: "curve" is missing (and there is no "kind" as in events.jsonl)'
fails "no trials" '{"curve": 1, "examples": 0, "successes": 1}' \
  'bad.jsonl:1: "trials" is missing; a row is {"curve", "examples", "successes", "trials"}'
fails "half an example" '{"curve": 1, "examples": 0.5, "successes": 1, "trials": 2}' 'bad.jsonl:1: "examples" is 0.5, not a whole number from 0 on'
fails "negative" '{"curve": 1, "examples": 0, "successes": -1, "trials": 2}' 'bad.jsonl:1: "successes" is -1, not a whole number from 0 on'
fails "too many" "$good

{\"curve\": 1, \"examples\": 8, \"successes\": 3, \"trials\": 2}" "bad.jsonl:3: 3 successes of 2 trials"
fails "outcomes that do not fit" '{"curve": 1, "examples": 0, "successes": 1, "trials": 2, "outcomes": [1, 1]}' \
  'bad.jsonl:1: "outcomes" holds 2 of 2 where successes and trials say 1 of 2'
fails "outcomes that are none" '{"curve": 1, "examples": 0, "successes": 1, "trials": 2, "outcomes": [1, 7]}' \
  'bad.jsonl:1: "outcomes" holds 7, neither 0 nor 1'
fails "empty" "" "bad.jsonl: no row of a curve and no evaluation in it"
fails "unknown rule" "$good" 'there is no rule "magic"; there are default, patience, plateau, saturation, slope, sequential, threshold, guard_rail' --rule magic
fails "unknown option" "$good" 'rule threshold has no option "x"; it has direction, threshold, evaluations, bound' --rule threshold:x=1
fails "follow a file" "$good" "--follow reads standard input: give - as the file" --follow
same "a file that is not there" "ifstop: missing.jsonl: cannot be read; give a file of curves, a run's events.jsonl or a run folder" \
  "$("$ifstop" replay missing.jsonl 2>&1)"

exit $bad
