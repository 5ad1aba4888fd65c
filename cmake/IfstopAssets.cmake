# ifstop_embed(NAME FILE): makes <build>/generated/ifstop/assets/NAME.hpp with
#   namespace ifstop::assets { inline constexpr std::string_view NAME; }
# holding the bytes of FILE, so that built-in assets are found without a path.
set(IFSTOP_GENERATED_DIR "${CMAKE_CURRENT_BINARY_DIR}/generated")
set(IFSTOP_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/embed.cmake")
function(ifstop_embed name file)
  set(out "${IFSTOP_GENERATED_DIR}/ifstop/assets/${name}.hpp")
  set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}" "${IFSTOP_EMBED_SCRIPT}")
  if("${file}" IS_NEWER_THAN "${out}" OR "${IFSTOP_EMBED_SCRIPT}" IS_NEWER_THAN "${out}")
    execute_process(COMMAND "${CMAKE_COMMAND}" -DNAME=${name} -DIN=${file} -DOUT=${out} -P "${IFSTOP_EMBED_SCRIPT}"
                    COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()
