/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c - a parser by recursive descent, and the postfix that it writes. */
#include "filter.h"

#include <string.h>

#include "ascii.h"
#include "mem.h"

enum { DEPTH_MAX = 16, WORD_MAX = 32 };

#define NOT_READ "not an expression such as eventType eq \"TYPE\""
#define TOO_LONG "too long, or nested too deeply"

/* ---------------------------------------------------------- Attributes -- */

static const char *event_type(const struct store_event *event)
{
    return event->type;
}

static const char *target_id(const struct store_event *event)
{
    return event->target_id;
}

static const char *group_id(const struct store_event *event)
{
    return event->group_id;
}

static const char *actor_id(const struct store_event *event)
{
    return event->actor_id;
}

static const char *token_id(const struct store_event *event)
{
    return event->token_id;
}

static const struct attribute {
    const char *name;
    const char *(*of)(const struct store_event *event);
    const char *(*also)(const struct store_event *event); /* NULL: only one */
} attributes[] = {
    { "eventType", event_type, NULL },
    { "target.id", target_id, group_id },
    { "actor.id", actor_id, NULL },
    { "transaction.detail.requestApiTokenId", token_id, NULL },
};

/* ------------------------------------------------------------- Parsing -- */

struct parser {
    const char *p;
    struct filter *out;
    char *room; /* in out->text */
    int depth;
    const char *why;
};

static bool parse_or(struct parser *parser);

static bool fail(struct parser *parser, const char *why)
{
    if (parser->why == NULL)
        parser->why = why;
    return false;
}

static void skip_spaces(struct parser *parser)
{
    parser->p += strspn(parser->p, " ");
}

/* Takes a word if it is the next, ASCII letter case aside. */
static bool take_word(struct parser *parser, const char *word)
{
    size_t len = strlen(word);

    skip_spaces(parser);
    if (okt_ncasecmp(parser->p, word, len) != 0 ||
        strchr(" ()\"", parser->p[len]) == NULL)
        return false;
    parser->p += len;
    return true;
}

static bool add_step(struct parser *parser, struct filter_step step)
{
    if (parser->out->count == FILTER_STEPS_MAX)
        return fail(parser, TOO_LONG);
    parser->out->steps[parser->out->count++] = step;
    return true;
}

/* Reads "text", in which \" and \\ stand for the second character. */
static bool parse_value(struct parser *parser, const char **out)
{
    skip_spaces(parser);
    if (*parser->p++ != '"')
        return fail(parser, NOT_READ);
    *out = parser->room;
    while (*parser->p != '"') {
        if (*parser->p == '\\' && (parser->p[1] == '"' || parser->p[1] == '\\'))
            parser->p++;
        if (*parser->p == '\0')
            return fail(parser, NOT_READ);
        *parser->room++ = *parser->p++;
    }
    parser->p++;
    *parser->room++ = '\0';
    return true;
}

static bool parse_comparison(struct parser *parser)
{
    struct filter_step step = { .kind = FILTER_EQ };

    while (step.attribute < ARRAY_LEN(attributes) &&
           !take_word(parser, attributes[step.attribute].name))
        step.attribute++;
    if (step.attribute == ARRAY_LEN(attributes))
        return fail(parser, "an attribute that can't be filtered by");
    if (!take_word(parser, "eq"))
        return fail(parser, "an operator other than eq");
    return parse_value(parser, &step.value) && add_step(parser, step);
}

static bool parse_group(struct parser *parser)
{
    skip_spaces(parser);
    if (*parser->p != '(')
        return parse_comparison(parser);
    if (++parser->depth > DEPTH_MAX)
        return fail(parser, TOO_LONG);
    parser->p++;
    if (!parse_or(parser))
        return false;
    skip_spaces(parser);
    if (*parser->p++ != ')')
        return fail(parser, NOT_READ);
    parser->depth--;
    return true;
}

/* "and" binds tighter than "or". */
static bool parse_and(struct parser *parser)
{
    if (!parse_group(parser))
        return false;
    while (take_word(parser, "and"))
        if (!parse_group(parser) ||
            !add_step(parser, (struct filter_step){ .kind = FILTER_AND }))
            return false;
    return true;
}

static bool parse_or(struct parser *parser)
{
    if (!parse_and(parser))
        return false;
    while (take_word(parser, "or"))
        if (!parse_and(parser) ||
            !add_step(parser, (struct filter_step){ .kind = FILTER_OR }))
            return false;
    return true;
}

const char *filter_parse(const char *text, struct filter *out)
{
    struct parser parser = { .p = text, .out = out, .room = out->text };

    out->count = 0;
    if (strlen(text) > FILTER_MAX)
        return TOO_LONG;
    if (!parse_or(&parser))
        return parser.why;
    skip_spaces(&parser);
    return *parser.p == '\0' ? NULL : NOT_READ;
}

/* ------------------------------------------------------------ Matching -- */

static bool is(const char *value, const char *wanted)
{
    return value != NULL && strcmp(value, wanted) == 0;
}

static bool equals(const struct filter_step *step,
                   const struct store_event *event)
{
    const struct attribute *attribute = &attributes[step->attribute];

    return is(attribute->of(event), step->value) ||
           (attribute->also != NULL && is(attribute->also(event), step->value));
}

bool filter_matches(const struct filter *filter,
                    const struct store_event *event)
{
    bool stack[FILTER_STEPS_MAX] = { false };
    size_t top = 0;

    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_step *step = &filter->steps[i];

        if (step->kind == FILTER_EQ) {
            stack[top++] = equals(step, event);
            continue;
        }
        top--;
        if (step->kind == FILTER_AND)
            stack[top - 1] = stack[top - 1] && stack[top];
        else
            stack[top - 1] = stack[top - 1] || stack[top];
    }
    return top == 0 || stack[0];
}
