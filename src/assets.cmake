# Assets that defaults of ifstop::core need, found without a path. One line each.
ifstop_embed(prompts ${PROJECT_SOURCE_DIR}/assets/prompts.tsv)
ifstop_embed(objecqa ${PROJECT_SOURCE_DIR}/assets/objecqa.tsv)
ifstop_embed(tone_judge ${PROJECT_SOURCE_DIR}/assets/judges/tone.bin)
ifstop_embed(objectivity_judge ${PROJECT_SOURCE_DIR}/assets/judges/objectivity.bin)
