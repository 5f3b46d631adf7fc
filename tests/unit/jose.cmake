# jose/: keys and tokens, by the RFCs' vectors and against forgeries.
okta_alloc_test(jws okta_internal)
