# What okta-tokens prints, and the escaping of foreign text.
okta_alloc_test(escape okta_internal)

okta_alloc_test(output okta_tokens_parts okta_internal)

okta_unit_test(reach okta_tokens_parts okta_internal)
