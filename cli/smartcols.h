/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smartcols.h - libsmartcols, loaded when the first table is printed: no other
 * command pays for it, and none fails where it is missing.
 */
#ifndef CLI_SMARTCOLS_H
#define CLI_SMARTCOLS_H

#include <stdbool.h>

#include <libsmartcols.h>

/* clang-format off */
#define SMARTCOLS_FUNCTIONS(F)                                                \
    F(struct libscols_table *, new_table, (void))                             \
    F(void, unref_table, (struct libscols_table *))                           \
    F(int, table_enable_colors, (struct libscols_table *, int))               \
    F(int, table_enable_noencoding, (struct libscols_table *, int))           \
    F(int, table_enable_noheadings, (struct libscols_table *, int))           \
    F(int, table_set_termforce, (struct libscols_table *, int))               \
    F(size_t, table_get_termwidth, (const struct libscols_table *))           \
    F(struct libscols_column *, table_new_column,                             \
      (struct libscols_table *, const char *, double, int))                   \
    F(struct libscols_line *, table_new_line,                                 \
      (struct libscols_table *, struct libscols_line *))                      \
    F(int, line_refer_data, (struct libscols_line *, size_t, char *))         \
    F(struct libscols_cell *, line_get_cell,                                  \
      (struct libscols_line *, size_t))                                       \
    F(int, cell_set_color, (struct libscols_cell *, const char *))            \
    F(int, print_table_to_string, (struct libscols_table *, char **))         \
    F(void, table_remove_lines, (struct libscols_table *))
/* clang-format on */

struct smartcols {
    void *library;
#define SMARTCOLS_MEMBER(type, name, args) type(*name) args;
    SMARTCOLS_FUNCTIONS(SMARTCOLS_MEMBER)
#undef SMARTCOLS_MEMBER
};

/* False: *why says why it can't be used. Until the next call of dlopen. */
bool smartcols_load(struct smartcols *out, const char **why);

void smartcols_unload(struct smartcols *smartcols);

#endif
