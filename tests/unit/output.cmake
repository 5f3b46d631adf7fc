# What okta-tokens prints, and the escaping of foreign text.
pkg_check_modules(SMARTCOLS REQUIRED smartcols)

okta_alloc_test(escape okta_internal)

okta_alloc_test(output okta_internal ${CMAKE_DL_LIBS})
foreach(file context field json_find json_write network out_csv out_json out_table output sink
    smartcols text zones)
  target_sources(test_output PRIVATE ${PROJECT_SOURCE_DIR}/cli/${file}.c)
endforeach()
target_include_directories(test_output PRIVATE ${PROJECT_SOURCE_DIR}/cli
  ${SMARTCOLS_INCLUDE_DIRS})
target_link_options(test_output PRIVATE -Wl,--wrap=dlopen)

okta_unit_test(reach okta_tokens_parts okta_internal)
