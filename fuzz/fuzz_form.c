/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_form.c - the body of a form. */
#include "fuzz/fuzz.h"
#include "server/request/form.h"

#define TYPE "application/x-www-form-urlencoded"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form;

    if (form_parse(&form, TYPE, (const char *)data, size) != NULL)
        return 0;
    FUZZ_TRUE(form.count <= FORM_FIELDS_MAX);
    for (size_t i = 0; i < form.count; i++) {
        const char *value = form.fields[i].value;

        FUZZ_TRUE(form.fields[i].name[0] != '\0');
        FUZZ_TRUE(form_text(&form, form.fields[i].name) == value);
        FUZZ_TRUE(form_get(&form, form.fields[i].name) ==
                  (value[0] != '\0' ? value : NULL));
    }
    form_free(&form);
    return 0;
}
