# Assets that defaults of ifstop::core need, found without a path. One line each.
ifstop_embed(prompts ${PROJECT_SOURCE_DIR}/assets/prompts.tsv)
ifstop_embed(objecqa ${PROJECT_SOURCE_DIR}/assets/objecqa.tsv)
