/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find_secret.c - looks for secrets where none may be.
 *
 *     find_secret SECRETS FILE...      in files; "-" is standard input
 *     find_secret SECRETS -p PID       in the memory of a process
 *
 * SECRETS is a file with a secret a line: none is ever an argument. Each is
 * looked for as it is, as hexadecimal of either case, and as base64 of both
 * alphabets wherever it begins in a group of three. A part of PIECE characters
 * is enough, so that what free() has overwritten in part is found as well.
 *
 * Exits 0 if there is nothing, 1 if it has told of a find, 2 if it can't look.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PIECE = 12,
    NEEDLES_MAX = 4096,
    SECRET_MAX = 512,
    CODED_MAX = 2 * SECRET_MAX,
    CHUNK = 1024 * 1024,
    TROUBLE = 2
};

struct needle {
    char text[PIECE];
    const char *form;
};

struct search {
    struct needle needles[NEEDLES_MAX];
    size_t count;
    unsigned char begins[65536 / 8]; /* which two bytes a needle begins with */
    bool found;
    char chunk[PIECE - 1 + CHUNK];
};

static void die(const char *what)
{
    perror(what);
    exit(TROUBLE);
}

/* ------------------------------------------------------------- Needles -- */

static unsigned first_two(const char *text)
{
    return (unsigned)(unsigned char)text[0] << 8 | (unsigned char)text[1];
}

static void add_piece(struct search *s, const char *text, const char *form)
{
    unsigned two = first_two(text);

    if (s->count == NEEDLES_MAX)
        die("too many secrets");
    memcpy(s->needles[s->count].text, text, PIECE);
    s->needles[s->count++].form = form;
    s->begins[two / 8] |= (unsigned char)(1u << two % 8);
}

/* Every PIECE characters one, and the last ones. */
static void add_pieces(struct search *s, const char *text, size_t len,
                       const char *form)
{
    for (size_t at = 0; at + PIECE <= len; at += PIECE)
        add_piece(s, text + at, form);
    if (len >= PIECE && len % PIECE != 0)
        add_piece(s, text + len - PIECE, form);
}

static void add_hex(struct search *s, const char *secret, size_t len,
                    const char *digits)
{
    char coded[CODED_MAX];

    for (size_t i = 0; i < len; i++) {
        coded[2 * i] = digits[(unsigned char)secret[i] >> 4];
        coded[2 * i + 1] = digits[(unsigned char)secret[i] & 15];
    }
    add_pieces(s, coded, 2 * len, "hexadecimal");
}

static unsigned byte_at(const char *secret, size_t len, size_t before, size_t i)
{
    if (i < before || i - before >= len)
        return 0;
    return (unsigned char)secret[i - before];
}

/* Of its base64 with that many bytes before it, the characters that come of
 * the secret alone. */
static void add_base64(struct search *s, const char *secret, size_t len,
                       size_t before, const char *last_two)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789";
    char coded[CODED_MAX];
    size_t n = 0;

    for (size_t bit = (8 * before + 5) / 6 * 6; bit + 6 <= 8 * (before + len);
         bit += 6) {
        unsigned two = byte_at(secret, len, before, bit / 8) << 8 |
                       byte_at(secret, len, before, bit / 8 + 1);
        unsigned value = two >> (10 - bit % 8) & 63;

        coded[n++] = value < 62 ? digits[value] : last_two[value - 62];
    }
    add_pieces(s, coded, n, "base64");
}

static void add_secret(struct search *s, const char *secret, size_t len)
{
    add_pieces(s, secret, len, "plain text");
    add_hex(s, secret, len, "0123456789abcdef");
    add_hex(s, secret, len, "0123456789ABCDEF");
    for (size_t before = 0; before < 3; before++) {
        add_base64(s, secret, len, before, "+/");
        add_base64(s, secret, len, before, "-_");
    }
}

static void read_secrets(struct search *s, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[SECRET_MAX];

    if (file == NULL)
        die(path);
    while (fgets(line, sizeof(line), file) != NULL) {
        size_t len = strcspn(line, "\n");

        if (len >= PIECE)
            add_secret(s, line, len);
    }
    fclose(file);
    if (s->count == 0) {
        fprintf(stderr, "find_secret: %s: no secret in it\n", path);
        exit(TROUBLE);
    }
}

/* ----------------------------------------------------------- Searching -- */

static void look_at(struct search *s, const char *text, const char *where,
                    unsigned long long offset)
{
    unsigned two = first_two(text);

    if ((s->begins[two / 8] >> two % 8 & 1) == 0)
        return;
    for (size_t i = 0; i < s->count; i++) {
        if (memcmp(s->needles[i].text, text, PIECE) != 0)
            continue;
        printf("%s: a secret at %llx, as %s\n", where, offset,
               s->needles[i].form);
        s->found = true;
        return;
    }
}

/* Looks through what follows the kept bytes; returns how many it keeps. */
static size_t look_through(struct search *s, size_t len, const char *where,
                           unsigned long long offset)
{
    size_t keep = len < PIECE - 1 ? len : PIECE - 1;

    for (size_t i = 0; i + PIECE <= len; i++)
        look_at(s, s->chunk + i, where, offset + i);
    memmove(s->chunk, s->chunk + len - keep, keep);
    return keep;
}

/* Up to "end" of what fd reads, or to its own end. */
static void search_fd(struct search *s, int fd, const char *where,
                      unsigned long long offset, unsigned long long end)
{
    size_t kept = 0;

    while (offset < end) {
        size_t want = end - offset < CHUNK ? (size_t)(end - offset) : CHUNK;
        ssize_t n = read(fd, s->chunk + kept, want);

        if (n <= 0)
            break; /* some mappings can't be read, not even by their process */
        kept = look_through(s, kept + (size_t)n, where, offset - kept);
        offset += (unsigned long long)n;
    }
}

static void search_file(struct search *s, const char *path)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY);

    if (fd < 0)
        die(path);
    search_fd(s, fd, path, 0, UINT64_MAX);
    close(fd);
}

static void search_process(struct search *s, const char *pid)
{
    char path[64];
    char line[1024];
    FILE *maps;
    int mem;

    snprintf(path, sizeof(path), "/proc/%s/maps", pid);
    maps = fopen(path, "r");
    snprintf(path, sizeof(path), "/proc/%s/mem", pid);
    mem = open(path, O_RDONLY);
    if (maps == NULL || mem < 0)
        die(path);
    while (fgets(line, sizeof(line), maps) != NULL) {
        char *rest;
        unsigned long long begin = strtoull(line, &rest, 16);
        unsigned long long end = strtoull(rest + 1, &rest, 16);

        line[strcspn(line, "\n")] = '\0';
        if (rest[1] != 'r' || strstr(line, "[vsyscall]") != NULL ||
            lseek(mem, (off_t)begin, SEEK_SET) < 0)
            continue;
        search_fd(s, mem, line, begin, end);
    }
    fclose(maps);
    close(mem);
}

int main(int argc, char **argv)
{
    static struct search s;

    if (argc < 3)
        return TROUBLE;
    read_secrets(&s, argv[1]);
    if (strcmp(argv[2], "-p") == 0 && argc == 4) {
        search_process(&s, argv[3]);
        return s.found ? 1 : 0;
    }
    for (int i = 2; i < argc; i++)
        search_file(&s, argv[i]);
    return s.found ? 1 : 0;
}
