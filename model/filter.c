/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c - a recursive-descent parser that writes postfix, and its machine.
 */
#include "model/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "wire/iso8601.h"
#include "wire/json.h"

enum { NAME_LEN_MAX = 64, SHOWN_MAX = 40 };

#define ATTRIBUTE_CHARS          \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "abcdefghijklmnopqrstuvwxyz0123456789._-$:"

enum op { EQ, NE, CO, SW, EW, GT, GE, LT, LE, PR, OPS };

static const char *const op_names[OPS] = { "eq", "ne", "co", "sw", "ew",
                                           "gt", "ge", "lt", "le", "pr" };

enum kind { TERM, AND, OR, NOT };

struct step {
    enum kind kind;
    size_t attribute;
    enum op op;
    bool null; /* compared with null */
    double number;
    int64_t time;
    bool boolean;
    char *text; /* owned */
};

struct filter {
    const struct filter_attribute *attributes;
    size_t count;
    size_t used;
    struct step steps[];
};

void filter_free(struct filter *f)
{
    if (f == NULL)
        return;
    for (size_t i = 0; i < f->used; i++)
        free(f->steps[i].text);
    free(f);
}

bool filter_uses(const struct filter *f, size_t attribute)
{
    for (size_t i = 0; i < f->used; i++)
        if (f->steps[i].kind == TERM && f->steps[i].attribute == attribute)
            return true;
    return false;
}

/* --------------------------------------------------------------- Parsing -- */

struct parser {
    const char *text;
    const char *p;
    struct filter *out;
    int64_t now;
    int depth;
    int terms;
    struct filter_error *error;
};

static bool parse_or(struct parser *parser);

/* Records the first mistake; always false. */
__attribute__((format(printf, 3, 4))) static bool
fail(struct parser *parser, const char *at, const char *why, ...)
{
    va_list args;

    parser->error->at = (size_t)(at - parser->text);
    va_start(args, why);
    vsnprintf(parser->error->why, FILTER_WHY_MAX, why, args);
    va_end(args);
    return false;
}

static bool fail_memory(struct parser *parser)
{
    parser->error->no_memory = true;
    return fail(parser, parser->p, "out of memory");
}

static void skip_spaces(struct parser *parser)
{
    parser->p += strspn(parser->p, " \t\r\n");
}

static size_t word_len(const char *p)
{
    return strspn(p, ATTRIBUTE_CHARS);
}

/* Takes a word, in any letter case, if it comes next. */
static bool take_word(struct parser *parser, const char *word)
{
    size_t len = strlen(word);

    skip_spaces(parser);
    if (word_len(parser->p) != len || okt_ncasecmp(parser->p, word, len) != 0)
        return false;
    parser->p += len;
    return true;
}

/* There is room for as many as can be written in the text. */
static void add_step(struct parser *parser, const struct step *step)
{
    parser->out->steps[parser->out->used++] = *step;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Returns how many letters have to change, letter case aside (Levenshtein). */
static size_t distance(const char *a, size_t a_len, const char *b)
{
    size_t row[NAME_LEN_MAX + 1];
    size_t b_len = strlen(b);

    if (a_len > NAME_LEN_MAX || b_len > NAME_LEN_MAX)
        return NAME_LEN_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];
            bool same = okt_lower(a[i - 1]) == okt_lower(b[j - 1]);

            row[j] = least(above + 1, row[j - 1] + 1, corner + !same);
            corner = above;
        }
    }
    return row[b_len];
}

static bool fail_attribute(struct parser *parser, size_t len)
{
    const struct filter *f = parser->out;
    size_t best = len / 3 + 1;
    const char *nearest = NULL;
    int shown = (int)(len < SHOWN_MAX ? len : SHOWN_MAX);

    for (size_t i = 0; i < f->count; i++) {
        size_t d = distance(parser->p, len, f->attributes[i].name);

        if (d > best || (d == best && nearest != NULL))
            continue;
        best = d;
        nearest = f->attributes[i].name;
    }
    if (nearest != NULL)
        return fail(parser, parser->p,
                    "there is no attribute %.*s; did you mean %s?", shown,
                    parser->p, nearest);
    return fail(parser, parser->p, "there is no attribute %.*s", shown,
                parser->p);
}

static bool parse_attribute(struct parser *parser, struct step *step)
{
    const struct filter *f = parser->out;
    size_t len;

    skip_spaces(parser);
    len = word_len(parser->p);
    if (len == 0)
        return fail(parser, parser->p, "an attribute is expected");
    for (size_t i = 0; i < f->count; i++)
        if (strlen(f->attributes[i].name) == len &&
            memcmp(f->attributes[i].name, parser->p, len) == 0) {
            step->attribute = i;
            parser->p += len;
            return true;
        }
    return fail_attribute(parser, len);
}

static bool op_suits(enum op op, enum filter_type type)
{
    if (op == CO || op == SW || op == EW)
        return type == FILTER_TEXT || type == FILTER_ID;
    if (op == GT || op == GE || op == LT || op == LE)
        return type != FILTER_BOOLEAN;
    return true;
}

static bool parse_op(struct parser *parser, struct step *step)
{
    const struct filter_attribute *a =
        &parser->out->attributes[step->attribute];
    const char *at;

    skip_spaces(parser);
    at = parser->p;
    for (step->op = EQ; step->op < OPS; step->op++)
        if (take_word(parser, op_names[step->op]))
            break;
    if (step->op == OPS)
        return fail(parser, at,
                    "an operator is expected: eq, ne, co, sw, ew, gt, ge, lt, "
                    "le or pr");
    return op_suits(step->op, a->type) ||
           fail(parser, at, "%s does not suit %s", op_names[step->op], a->name);
}

/* ---------------------------------------------------------------- Values -- */

/* The length of the JSON value at p; 0: there is none. */
static size_t value_len(const char *p)
{
    size_t len = 1;

    if (p[0] != '"')
        return strspn(p, ATTRIBUTE_CHARS "+");
    while (p[len] != '"') {
        if (p[len] == '\\' && p[len + 1] != '\0')
            len++;
        if (p[len] == '\0')
            return 0;
        len++;
    }
    return len + 1;
}

static bool take_text(struct parser *parser, const char *at, yyjson_val *value,
                      struct step *step)
{
    const struct filter_attribute *a =
        &parser->out->attributes[step->attribute];
    const char *text = yyjson_get_str(value);

    if (strlen(text) != yyjson_get_len(value))
        return fail(parser, at, "a text can't have a NUL in it");
    if (a->type == FILTER_TIME)
        return okt_time_parse_from(text, parser->now, &step->time) ||
               fail(parser, at,
                    "%s is a time, such as \"2026-01-31T08:00:00Z\" or "
                    "\"-14d\"",
                    a->name);
    step->text = strdup(text);
    return step->text != NULL || fail_memory(parser);
}

/* The value must be of the attribute's type, or null where it is for equality.
 */
static bool take_value(struct parser *parser, const char *at, yyjson_val *value,
                       struct step *step)
{
    static const char *const wanted[] = {
        [FILTER_TEXT] = "a text in quotes", [FILTER_ID] = "an id in quotes",
        [FILTER_NUMBER] = "a number",       [FILTER_BOOLEAN] = "true or false",
        [FILTER_TIME] = "a time in quotes",
    };
    const struct filter_attribute *a =
        &parser->out->attributes[step->attribute];
    bool words = a->type == FILTER_TEXT || a->type == FILTER_ID ||
                 a->type == FILTER_TIME;

    if (yyjson_is_null(value) && (step->op == EQ || step->op == NE)) {
        step->null = true;
        return true;
    }
    if (words && yyjson_is_str(value))
        return take_text(parser, at, value, step);
    if (a->type == FILTER_NUMBER && yyjson_is_num(value)) {
        step->number = yyjson_get_num(value);
        return true;
    }
    if (a->type == FILTER_BOOLEAN && yyjson_is_bool(value)) {
        step->boolean = yyjson_get_bool(value);
        return true;
    }
    return fail(parser, at, "%s is compared with %s", a->name, wanted[a->type]);
}

static bool parse_value(struct parser *parser, struct step *step)
{
    AUTO(yyjson_doc) doc = NULL;
    const char *why;
    const char *at;
    bool no_memory = false;
    size_t len;

    skip_spaces(parser);
    at = parser->p;
    len = value_len(at);
    if (len == 0)
        return fail(parser, at,
                    at[0] == '"' ? "the text has no closing quote"
                                 : "a value is expected");
    doc = okt_json_read(at, len, &why, &no_memory);
    if (no_memory)
        return fail_memory(parser);
    if (doc == NULL)
        return fail(parser, at,
                    "not a value: a text in quotes, a number, true, false or "
                    "null");
    parser->p += len;
    return take_value(parser, at, yyjson_doc_get_root(doc), step);
}

/* ----------------------------------------------------------- Expressions -- */

static bool parse_term(struct parser *parser)
{
    struct step step = { .kind = TERM };

    skip_spaces(parser);
    if (parser->terms == FILTER_TERMS_MAX)
        return fail(parser, parser->p, "more than %d comparisons",
                    FILTER_TERMS_MAX);
    if (!parse_attribute(parser, &step) || !parse_op(parser, &step))
        return false;
    if (step.op != PR && !parse_value(parser, &step)) {
        free(step.text);
        return false;
    }
    parser->terms++;
    add_step(parser, &step);
    return true;
}

static bool enter(struct parser *parser)
{
    return ++parser->depth <= FILTER_DEPTH_MAX ||
           fail(parser, parser->p, "nested more than %d deep",
                FILTER_DEPTH_MAX);
}

static bool parse_group(struct parser *parser)
{
    const char *open = parser->p;

    parser->p++;
    if (!enter(parser) || !parse_or(parser))
        return false;
    skip_spaces(parser);
    if (*parser->p == '\0')
        return fail(parser, open, "this parenthesis is not closed");
    if (*parser->p != ')')
        return fail(parser, parser->p, "\"and\", \"or\" or \")\" is expected");
    parser->p++;
    parser->depth--;
    return true;
}

static bool parse_not(struct parser *parser)
{
    skip_spaces(parser);
    if (take_word(parser, "not")) {
        if (!enter(parser) || !parse_not(parser))
            return false;
        parser->depth--;
        add_step(parser, &(struct step){ .kind = NOT });
        return true;
    }
    return *parser->p == '(' ? parse_group(parser) : parse_term(parser);
}

static bool parse_and(struct parser *parser)
{
    if (!parse_not(parser))
        return false;
    while (take_word(parser, "and")) {
        if (!parse_not(parser))
            return false;
        add_step(parser, &(struct step){ .kind = AND });
    }
    return true;
}

static bool parse_or(struct parser *parser)
{
    if (!parse_and(parser))
        return false;
    while (take_word(parser, "or")) {
        if (!parse_and(parser))
            return false;
        add_step(parser, &(struct step){ .kind = OR });
    }
    return true;
}

static bool parse_all(struct parser *parser)
{
    if (!parse_or(parser))
        return false;
    skip_spaces(parser);
    return *parser->p == '\0' ||
           fail(parser, parser->p,
                *parser->p == ')' ? "no parenthesis is open here"
                                  : "\"and\" or \"or\" is expected");
}

struct filter *
filter_parse(const char *text, const struct filter_attribute *attributes,
             size_t count, int64_t now, struct filter_error *error)
{
    struct parser parser = {
        .text = text, .p = text, .now = now, .error = error
    };
    size_t len = strlen(text);
    struct filter *f;

    *error = (struct filter_error){ .at = 0 };
    if (len > FILTER_TEXT_MAX) {
        fail(&parser, text + FILTER_TEXT_MAX, "longer than %d bytes",
             FILTER_TEXT_MAX);
        return NULL;
    }
    /* A step takes two letters at least, and what parts it from the next. */
    f = calloc(1, sizeof(*f) + (len / 2 + 1) * sizeof(f->steps[0]));
    if (f == NULL) {
        fail_memory(&parser);
        return NULL;
    }
    f->attributes = attributes;
    f->count = count;
    parser.out = f;
    if (parse_all(&parser))
        return f;
    filter_free(f);
    return NULL;
}

/* ------------------------------------------------------------ Evaluation -- */

static int compare_text(const char *a, const char *b, bool exact)
{
    return exact ? strcmp(a, b) : okt_casecmp(a, b);
}

static bool begins(const char *text, const char *part, bool exact)
{
    size_t len = strlen(part);

    return exact ? strncmp(text, part, len) == 0
                 : okt_ncasecmp(text, part, len) == 0;
}

static bool contains(const char *text, const char *part, bool exact)
{
    for (;; text++) {
        if (begins(text, part, exact))
            return true;
        if (*text == '\0')
            return false;
    }
}

static bool ends(const char *text, const char *part, bool exact)
{
    size_t text_len = strlen(text);
    size_t len = strlen(part);

    return len <= text_len &&
           compare_text(text + text_len - len, part, exact) == 0;
}

static int order(bool less, bool more)
{
    return less ? -1 : more;
}

/* Returns less than, equal to or more than 0, as the value is. */
static int compare(const struct step *step, enum filter_type type,
                   const struct filter_value *v)
{
    switch (type) {
    case FILTER_NUMBER:
        return order(v->number<step->number, v->number> step->number);
    case FILTER_TIME:
        return order(v->time<step->time, v->time> step->time);
    case FILTER_BOOLEAN:
        return order(v->boolean<step->boolean, v->boolean> step->boolean);
    default:
        return compare_text(v->text, step->text, type == FILTER_ID);
    }
}

static bool holds(const struct step *step, enum filter_type type,
                  const struct filter_value *v)
{
    bool exact = type == FILTER_ID;

    switch (step->op) {
    case CO:
        return contains(v->text, step->text, exact);
    case SW:
        return begins(v->text, step->text, exact);
    case EW:
        return ends(v->text, step->text, exact);
    case GT:
        return compare(step, type, v) > 0;
    case GE:
        return compare(step, type, v) >= 0;
    case LT:
        return compare(step, type, v) < 0;
    case LE:
        return compare(step, type, v) <= 0;
    case PR:
        return true;
    default: /* ne is turned round by the caller */
        return compare(step, type, v) == 0;
    }
}

static enum filter_truth truth_of(bool is)
{
    return is ? FILTER_TRUE : FILTER_FALSE;
}

static enum filter_truth negate(enum filter_truth a)
{
    return a == FILTER_UNKNOWN ? a : truth_of(a == FILTER_FALSE);
}

static enum filter_truth both(enum filter_truth a, enum filter_truth b)
{
    if (a == FILTER_FALSE || b == FILTER_FALSE)
        return FILTER_FALSE;
    return a == FILTER_UNKNOWN ? a : b;
}

static enum filter_truth either(enum filter_truth a, enum filter_truth b)
{
    return negate(both(negate(a), negate(b)));
}

static enum filter_truth one_value(const struct step *step,
                                   enum filter_type type,
                                   const struct filter_value *v)
{
    if (v->state == FILTER_VALUE_UNKNOWN)
        return FILTER_UNKNOWN;
    if (v->state == FILTER_VALUE_NULL)
        return truth_of(step->null);
    return truth_of(!step->null && holds(step, type, v));
}

static enum filter_truth term(const struct filter *f, const struct step *step,
                              filter_get_fn *get, void *ctx)
{
    enum filter_type type = f->attributes[step->attribute].type;
    enum filter_truth any = FILTER_FALSE;
    struct filter_value v = { .state = FILTER_VALUE_SET };
    size_t i = 0;

    for (; any != FILTER_TRUE && get(ctx, step->attribute, i, &v); i++) {
        any = either(any, one_value(step, type, &v));
        v = (struct filter_value){ .state = FILTER_VALUE_SET };
    }
    if (i == 0)
        any = truth_of(step->null);
    return step->op == NE ? negate(any) : any;
}

enum filter_truth filter_evaluate(const struct filter *f, filter_get_fn *get,
                                  void *ctx)
{
    /* No more wait than there are comparisons. */
    enum filter_truth stack[FILTER_TERMS_MAX];
    size_t top = 0;

    for (size_t i = 0; i < f->used; i++) {
        const struct step *step = &f->steps[i];

        switch (step->kind) {
        case TERM:
            stack[top++] = term(f, step, get, ctx);
            break;
        case NOT:
            stack[top - 1] = negate(stack[top - 1]);
            break;
        case AND:
            top--;
            stack[top - 1] = both(stack[top - 1], stack[top]);
            break;
        default:
            top--;
            stack[top - 1] = either(stack[top - 1], stack[top]);
        }
    }
    return stack[0];
}
