/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_filter.c - filter expressions, read and evaluated. */
#include "fuzz/fuzz.h"
#include "model/filter.h"

enum { ATTRIBUTES = 6 };

/* The first byte decides what values there are. */
static bool get(void *ctx, size_t attribute, size_t i, struct filter_value *out)
{
    unsigned seed = *(unsigned *)ctx;

    out->text = "a";
    out->number = (double)seed;
    out->boolean = seed % 2 != 0;
    out->time = (int64_t)seed;
    if ((seed + attribute + i) % 3 == 1)
        out->state = FILTER_VALUE_NULL;
    if ((seed + attribute + i) % 3 == 2)
        out->state = FILTER_VALUE_UNKNOWN;
    return i < seed % 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct filter_attribute attributes[ATTRIBUTES] = {
        { "eventType", FILTER_TEXT }, { "target.id", FILTER_ID },
        { "actor.id", FILTER_ID },    { "x.ageDays", FILTER_NUMBER },
        { "x.used", FILTER_BOOLEAN }, { "published", FILTER_TIME },
    };
    char *text = fuzz_text(data, size);
    unsigned seed = size > 0 ? data[0] : 0;
    struct filter_error error;
    struct filter *filter =
        filter_parse(text, attributes, ATTRIBUTES, 1700000000, &error);

    if (filter == NULL) {
        FUZZ_TRUE(error.at <= strlen(text) && error.why[0] != '\0');
    } else {
        bool uses = false;

        for (size_t i = 0; i < ATTRIBUTES; i++)
            uses = uses || filter_uses(filter, i);
        FUZZ_TRUE(uses);
        FUZZ_TRUE(filter_evaluate(filter, get, &seed) <= FILTER_UNKNOWN);
    }
    filter_free(filter);
    free(text);
    return 0;
}
