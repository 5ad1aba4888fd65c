# Assets that defaults of ifstop::core need, found without a path. One line each.
