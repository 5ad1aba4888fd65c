# Checks that the generator still writes the shipped data, byte for byte: -DMINIATURE=program -DASSETS=folder
# -DWORK=folder.
file(MAKE_DIRECTORY ${WORK})
foreach(part "pairs;8000;2;sft.json" "prompts;100;3;prompts.jsonl")
  list(GET part 0 command)
  list(GET part 1 count)
  list(GET part 2 seed)
  list(GET part 3 name)
  execute_process(COMMAND ${MINIATURE} ${command} --count ${count} --seed ${seed} OUTPUT_FILE ${WORK}/${name}
                  COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 ${WORK}/${name} written)
  file(SHA256 ${ASSETS}/${name} shipped)
  if(NOT written STREQUAL shipped)
    message(FATAL_ERROR "${ASSETS}/${name} is not what `miniature ${command} --count ${count} --seed ${seed}` writes: "
                        "run scripts/build_miniature, which trains the models on the changed world too")
  endif()
endforeach()
