# The configuration; libyaml goes missing when a test says so.
okta_alloc_test(config okta_internal)
target_link_options(test_config PRIVATE -Wl,--wrap=dlopen,--wrap=dlclose)
