# base/ and wire/: each module against its header.
okta_alloc_test(mem okta_internal)
okta_alloc_test(buf okta_internal)
okta_alloc_test(json okta_internal)
okta_alloc_test(token_json okta_internal)
okta_alloc_test(error_json okta_internal)
# Looks at memory in the moment in which it is freed.
target_link_options(test_mem PRIVATE -Wl,--wrap=free)
target_link_options(test_buf PRIVATE -Wl,--wrap=free)

foreach(name address audit_json challenge id iso8601 link percent rate_limit)
  okta_unit_test(${name} okta_internal)
endforeach()

# model/
okta_alloc_test(filter okta_model okta_internal)
