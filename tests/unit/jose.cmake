# jose/: keys and tokens, by the RFCs' vectors and against forgeries.
okta_alloc_test(jws okta_internal)
okta_alloc_test(key okta_internal)
target_compile_definitions(test_key PRIVATE
  PEM_FOLDER="${PROJECT_SOURCE_DIR}/fuzz/corpora/pem")
