# What okta-tokens prints, and the escaping of foreign text.
okta_alloc_test(escape okta_internal)

okta_alloc_test(output okta_internal)
foreach(file context field json_find json_pretty json_write network
    out_csv out_json out_record out_table output sink text
    zones)
  target_sources(test_output PRIVATE ${PROJECT_SOURCE_DIR}/cli/${file}.c)
endforeach()
target_include_directories(test_output PRIVATE ${PROJECT_SOURCE_DIR}/cli)

okta_unit_test(reach okta_tokens_parts okta_internal)
