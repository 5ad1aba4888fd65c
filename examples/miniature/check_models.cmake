# Checks that the shipped tokenizer still comes out, byte for byte, and that a model can be trained with it (a few steps of a
# smaller one): -DTOKENIZER=program -DPRETRAIN=program -DASSETS=folder -DWORK=folder.
file(REMOVE_RECURSE ${WORK})
execute_process(COMMAND ${TOKENIZER} --out ${WORK} COMMAND_ERROR_IS_FATAL ANY)
foreach(name tokenizer.model tokenizer_config.json)
  file(SHA256 ${WORK}/${name} written)
  foreach(model base small)
    file(SHA256 ${ASSETS}/${model}/${name} shipped)
    if(NOT written STREQUAL shipped)
      message(FATAL_ERROR "${ASSETS}/${model}/${name} is not what miniature_tokenizer writes: run scripts/build_miniature, "
                          "which trains the models on the changed world too")
    endif()
  endforeach()
endforeach()
execute_process(COMMAND ${PRETRAIN} --out ${WORK} --hidden 32 --layers 1 --heads 2 --feed-forward 48 --batch-rows 2 --tokens 2048
                OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
if(NOT said MATCHES "validation loss [0-9]" OR NOT EXISTS ${WORK}/config.json OR NOT EXISTS ${WORK}/model.safetensors)
  message(FATAL_ERROR "miniature_pretrain left no model: ${said}")
endif()
