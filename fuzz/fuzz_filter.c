/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_filter.c - the filter of the System Log. */
#include "filter.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct store_event event = { 0 };
    struct filter filter;
    char *text = fuzz_text(data, size);

    if (filter_parse(text, &filter) == NULL) {
        FUZZ_TRUE(filter.count <= FILTER_STEPS_MAX);
        (void)filter_matches(&filter, &event);
    }
    free(text);
    return 0;
}
