/* SPDX-License-Identifier: Apache-2.0 */
/* config_file.c - okta.yaml: which one, whether it is trusted, what it says. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/config/config.h"

enum { PATH_MAX_LEN = 4096, PASSWD_MAX = 16 * 1024, JSON_MAX = 64 * 1024 };

/* A file under way. */
struct file {
    okta_config *config;
    okta_source source;
    const char *path; /* as it is shown */
    int fd;
    struct stat stat;
    struct okt_yaml yaml;
};

#define FILE_AUTO __attribute__((cleanup(file_close))) struct file

static void file_close(struct file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    okt_yaml_free(&file->yaml);
}

/* ------------------------------------------------------------ Its values -- */

/* A key in the file: which node it is (the document, until one is found) and
 * which node says what it is. */
struct found {
    const struct okt_yaml_node *key;
    const struct okt_yaml_node *value;
};

/* The document's beginning, or the value of a key. */
static okta_status check_map(const struct file *file,
                             const struct okt_yaml_node *node, const char *name,
                             size_t len, okta_error *err)
{
    if (node->type != OKT_YAML_MAP)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: %.*s is not a map",
                        file->path, node->line, (int)len, name);
    if (okt_yaml_member(&file->yaml, node, "<<", 2) != 0)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "%s:%zu: %.*s is merged (<<), which is not supported",
                        file->path, node->line, (int)len, name);
    return OKTA_OK;
}

/* Letter case does not matter, so of two that differ in it alone none is more
 * meant than the other. */
static okta_status check_twin(const struct file *file,
                              const struct okt_yaml_node *map, size_t member,
                              okta_error *err)
{
    const struct okt_yaml *yaml = &file->yaml;
    size_t twin = okt_yaml_twin(yaml, map, member);
    size_t first = twin < member ? twin : member;
    size_t second = twin < member ? member : twin;

    if (twin == 0)
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_CONFIG,
                    "%s:%zu: %s and, in line %zu, %s are the same key: letter "
                    "case does not matter",
                    file->path, yaml->nodes[first].line,
                    okt_yaml_text(yaml, okt_yaml_node(yaml, first)),
                    yaml->nodes[second].line,
                    okt_yaml_text(yaml, okt_yaml_node(yaml, second)));
}

/*
 * Finds "okta.client.orgUrl" and the like. out->value is NULL if there is no
 * such key, or if it or one before it is null.
 */
static okta_status find(const struct file *file, const char *path,
                        struct found *out, okta_error *err)
{
    const struct okt_yaml *yaml = &file->yaml;
    const struct okt_yaml_node *node = okt_yaml_node(yaml, 0);
    const char *name = "the file";
    size_t len = strlen(name);

    *out = (struct found){ node, NULL };
    while (!okt_yaml_is_null(yaml, node)) {
        okta_status st;
        size_t key;

        if (*path == '\0') {
            out->value = node;
            return OKTA_OK;
        }
        st = check_map(file, node, name, len, err);
        if (st != OKTA_OK)
            return st;
        name = path;
        len = strcspn(path, ".");
        key = okt_yaml_member(yaml, node, name, len);
        if (key == 0)
            return OKTA_OK;
        st = check_twin(file, node, key, err);
        if (st != OKTA_OK)
            return st;
        path += len + (path[len] == '.');
        out->key = okt_yaml_node(yaml, key);
        node = okt_yaml_node(yaml, yaml->nodes[key].next);
    }
    return OKTA_OK;
}

/* Appends a text as a JSON string. libyaml has seen to it that it is UTF-8. */
static void json_string(struct okt_buf *out, const char *text)
{
    okt_buf_char(out, '"');
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ') {
            okt_buf_printf(out, "\\u%04x", (unsigned)*text);
            continue;
        }
        if (*text == '"' || *text == '\\')
            okt_buf_char(out, '\\');
        okt_buf_char(out, *text);
    }
    okt_buf_char(out, '"');
}

static bool json_node(const struct okt_yaml *yaml,
                      const struct okt_yaml_node *node, size_t depth,
                      struct okt_buf *out);

static bool json_list(const struct okt_yaml *yaml,
                      const struct okt_yaml_node *list, size_t depth,
                      struct okt_buf *out)
{
    okt_buf_char(out, '[');
    for (size_t i = list->first; i != 0; i = yaml->nodes[i].next) {
        if (i != list->first)
            okt_buf_char(out, ',');
        if (!json_node(yaml, okt_yaml_node(yaml, i), depth, out))
            return false;
    }
    okt_buf_char(out, ']');
    return true;
}

static bool json_map(const struct okt_yaml *yaml,
                     const struct okt_yaml_node *map, size_t depth,
                     struct okt_buf *out)
{
    bool any = false;
    size_t next;

    okt_buf_char(out, '{');
    for (size_t i = map->first; i != 0; i = yaml->nodes[next].next) {
        const struct okt_yaml_node *key = okt_yaml_node(yaml, i);
        const struct okt_yaml_node *value;

        next = yaml->nodes[i].next;
        value = okt_yaml_node(yaml, next);
        if (key->type != OKT_YAML_SCALAR)
            return false;
        if (okt_yaml_is_null(yaml, value))
            continue;
        if (any)
            okt_buf_char(out, ',');
        any = true;
        json_string(out, okt_yaml_text(yaml, key));
        okt_buf_char(out, ':');
        if (!json_node(yaml, value, depth, out))
            return false;
    }
    okt_buf_char(out, '}');
    return true;
}

/*
 * Appends a node as JSON, every scalar a string: the members of a JWK are. The
 * depth counts, since aliases can nest what stands flat in the file; so does
 * the first failure of out, since they can multiply it.
 */
static bool json_node(const struct okt_yaml *yaml,
                      const struct okt_yaml_node *node, size_t depth,
                      struct okt_buf *out)
{
    if (depth == OKT_YAML_DEPTH_MAX || okt_buf_failed(out))
        return false;
    if (node->type == OKT_YAML_MAP)
        return json_map(yaml, node, depth + 1, out);
    if (node->type == OKT_YAML_LIST)
        return json_list(yaml, node, depth + 1, out);
    json_string(out, okt_yaml_text(yaml, node));
    return !node->tagged;
}

/* A list of texts as one text. */
static bool join(const struct okt_yaml *yaml, const struct okt_yaml_node *list,
                 struct okt_buf *out)
{
    for (size_t i = list->first; i != 0; i = yaml->nodes[i].next) {
        const struct okt_yaml_node *item = okt_yaml_node(yaml, i);

        if (item->type != OKT_YAML_SCALAR || item->tagged)
            return false;
        if (i != list->first)
            okt_buf_char(out, ' ');
        okt_buf_append(out, okt_yaml_text(yaml, item), item->len);
    }
    return true;
}

/* What the types of the keys are, in YAML. */
static okta_status as_text(const struct file *file, enum okt_config_key key,
                           const struct found *found, const char *name,
                           struct okt_buf *out, okta_error *err)
{
    const struct okt_yaml *yaml = &file->yaml;
    const struct okt_yaml_node *value = found->value;
    const char *type = "a text";
    bool good = false;

    if (value->type == OKT_YAML_SCALAR) {
        okt_buf_append(out, okt_yaml_text(yaml, value), value->len);
        good = !value->tagged;
    }
    if (key == OKT_KEY_SCOPES) {
        type = "a text or a list of texts";
        if (value->type == OKT_YAML_LIST)
            good = join(yaml, value, out);
    }
    if (key == OKT_KEY_PRIVATE_KEY) {
        type = "a text or the map of a JWK";
        if (value->type == OKT_YAML_MAP)
            good = json_node(yaml, value, 0, out);
    }
    if (!good && !okt_buf_failed(out))
        return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: %s is not %s",
                        file->path, found->key->line, name, type);
    if (out->state == OKT_BUF_FULL)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: %s is over %d bytes",
                        file->path, found->key->line, name, JSON_MAX);
    return okt_check_buf(out, name, err);
}

/* path is one that join_path made: there is a slash in it. */
static void folder_of(const char *path, struct okt_buf *out)
{
    okt_buf_append(out, path, (size_t)(strrchr(path, '/') - path));
    okt_buf_str(out, "");
}

static okta_status read_spelling(const struct file *file,
                                 enum okt_config_key key, const char *spelling,
                                 okta_error *err)
{
    char path[64];
    OKT_BUF_AUTO text = OKT_BUF_INIT(JSON_MAX);
    OKT_BUF_AUTO origin = OKT_BUF_INIT(PATH_MAX_LEN + 32);
    OKT_BUF_AUTO folder = OKT_BUF_INIT(PATH_MAX_LEN);
    struct okt_config_input in = { .source = file->source, .name = spelling };
    struct found found;
    okta_status st;

    snprintf(path, sizeof(path), "okta.client.%s", spelling);
    st = find(file, path, &found, err);
    if (st != OKTA_OK || found.value == NULL)
        return st;
    st = as_text(file, key, &found, spelling, &text, err);
    if (st != OKTA_OK)
        return st;
    okt_buf_printf(&origin, "%s:%zu", file->path, found.key->line);
    st = okt_check_buf(&origin, "the file's name", err);
    if (st != OKTA_OK || text.len == 0 || okt_config_is_blank(text.data))
        return st;
    folder_of(file->path, &folder);
    st = okt_check_buf(&folder, "the path of the file's folder", err);
    if (st != OKTA_OK)
        return st;
    in.text = text.data;
    in.origin = origin.data;
    in.folder = folder.data;
    return okt_config_put(file->config, key, &in, err);
}

static okta_status read_key(const struct file *file, enum okt_config_key key,
                            okta_error *err)
{
    const char *const *spelling = okt_config_rows[key].spellings;
    okta_status st = OKTA_OK;

    for (; *spelling != NULL && st == OKTA_OK; spelling++)
        st = read_spelling(file, key, *spelling, err);
    return st;
}

/* What switches the SDKs' checks off, each SDK's own. */
static okta_status warn_of_unchecked(const struct file *file, okta_error *err)
{
    static const char *const paths[] = {
        "okta.testing.testingDisableHttpsCheck",
        "okta.testing.disableHttpsCheck",
        "okta.client.disableHttpsCheck",
    };
    okta_status st = OKTA_OK;

    for (size_t i = 0; i < ARRAY_LEN(paths) && st == OKTA_OK; i++) {
        struct found found;

        st = find(file, paths[i], &found, err);
        if (st == OKTA_OK && found.value != NULL &&
            found.value->type == OKT_YAML_SCALAR &&
            okt_config_is_on(okt_yaml_text(&file->yaml, found.value)))
            okt_config_warn(file->config,
                            "%s:%zu: %s is ignored: https is always checked",
                            file->path, found.key->line, paths[i]);
    }
    return st;
}

static okta_status read_values(const struct file *file, okta_error *err)
{
    okta_status st = OKTA_OK;

    for (int key = 0; key < OKT_KEY_COUNT && st == OKTA_OK; key++)
        st = read_key(file, (enum okt_config_key)key, err);
    return st == OKTA_OK ? warn_of_unchecked(file, err) : st;
}

/* -------------------------------------------------------------- Its trust --
 */

static bool holds_secret(const struct file *file)
{
    for (size_t i = 0; i < OKT_KEY_COUNT; i++)
        if (okt_config_rows[i].secret &&
            file->config->slots[i][file->source].text != NULL)
            return true;
    return false;
}

/* A secret that others can read. */
static okta_status check_readers(const struct file *file, okta_error *err)
{
    bool own;

    if (!okt_file_is_open(&file->stat, &own) || !holds_secret(file))
        return OKTA_OK;
    if (own)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "%s holds a secret and others can read it: chmod 600 "
                        "it, and replace the secret if others could have come "
                        "by",
                        file->path);
    okt_config_warn(file->config, "%s holds a secret and anybody can read it",
                    file->path);
    return OKTA_OK;
}

/* ---------------------------------------------------------------- Reading --
 */

/* Whether it is YAML, and what is below okta.client a map. */
static okta_status parse(struct file *file, okta_error *err)
{
    OKT_BUF_AUTO bytes = OKT_BUF_INIT(OKT_YAML_SIZE_MAX);
    okta_status st = okt_file_read(file->fd, file->path, &bytes, err);
    struct found client;

    if (st == OKTA_OK)
        st = okt_yaml_parse(&file->yaml, file->path, &bytes, err);
    if (st != OKTA_OK || file->yaml.count == 0)
        return st;
    st = find(file, "okta.client", &client, err);
    if (st != OKTA_OK || client.value == NULL)
        return st;
    return check_map(file, client.value, "client", strlen("client"), err);
}

/* The folder's file may be anybody's and about anything. */
static okta_status read_file(struct file *file, okta_error *err)
{
    okta_error why = { .status = OKTA_OK };
    okta_status st = parse(file, &why);

    if (st == OKTA_ERR_CONFIG && file->source == OKTA_SOURCE_FOLDER_FILE) {
        okt_config_warn(file->config, "%s: the file is passed over",
                        why.message);
        return OKTA_OK;
    }
    if (st != OKTA_OK) {
        if (err != NULL)
            *err = why;
        return st;
    }
    if (file->yaml.count > 0)
        st = read_values(file, err);
    return st == OKTA_OK ? check_readers(file, err) : st;
}

/* Opens it; O_NONBLOCK, since a FIFO must not hold us up. False: errno. */
static bool file_open(struct file *file, int flags)
{
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    return file->fd >= 0 && fstat(file->fd, &file->stat) == 0;
}

static bool is_absent(int error)
{
    return error == ENOENT || error == ENOTDIR;
}

/*
 * The home's file may be a symbolic link, as those who keep their dotfiles in a
 * repository have it: what counts is whose the file behind it is.
 */
static okta_status read_home(okta_config *config, const char *path,
                             struct stat *seen, okta_error *err)
{
    FILE_AUTO file = {
        .config = config, .source = OKTA_SOURCE_HOME_FILE, .path = path
    };
    const char *why;

    if (!file_open(&file, 0)) {
        if (is_absent(errno))
            return OKTA_OK;
        return okt_fail(err, OKTA_ERR_CONFIG, "%s: %s", path, strerror(errno));
    }
    *seen = file.stat;
    why = okt_file_distrusted(&file.stat);
    if (why != NULL)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s %s: it must be yours alone",
                        path, why);
    return read_file(&file, err);
}

/* The same for the folder's file, which is ignored where it is not trusted.
 * *found: there is one, whatever came of it. */
static okta_status read_folder_file(okta_config *config, const char *path,
                                    const struct stat *home, bool *found,
                                    okta_error *err)
{
    FILE_AUTO file = {
        .config = config, .source = OKTA_SOURCE_FOLDER_FILE, .path = path
    };
    const char *why;

    *found = true;
    if (!file_open(&file, O_NOFOLLOW)) {
        *found = !is_absent(errno);
        if (*found)
            okt_config_warn(config, "%s is ignored: %s", path,
                            errno == ELOOP ? "it is a symbolic link"
                                           : strerror(errno));
        return OKTA_OK;
    }
    if (home->st_ino == file.stat.st_ino && home->st_dev == file.stat.st_dev)
        return OKTA_OK;
    why = okt_file_distrusted(&file.stat);
    if (why == NULL && file.stat.st_uid != geteuid())
        why = "belongs to somebody else";
    if (why == NULL)
        return read_file(&file, err);
    okt_config_warn(config, "%s is ignored: it %s", path, why);
    return OKTA_OK;
}

/* ------------------------------------------------------------- Which file --
 */

static okta_status join_path(const char *folder, const char *name,
                             struct okt_buf *out, okta_error *err)
{
    okt_buf_clear(out);
    okt_buf_printf(out, "%s/%s", folder, name);
    if (out->state == OKT_BUF_FULL)
        return okt_fail(err, OKTA_ERR_CONFIG, "the path of %s is over %d bytes",
                        name, PATH_MAX_LEN);
    return okt_check_buf(out, "a path", err);
}

/* The account's home folder; out stays empty where there is none. */
static void account_home(struct okt_buf *out)
{
    char text[PASSWD_MAX];
    struct passwd entry;
    struct passwd *found = NULL;

    if (getpwuid_r(geteuid(), &entry, text, sizeof(text), &found) == 0 &&
        found != NULL && found->pw_dir[0] == '/')
        okt_buf_str(out, found->pw_dir);
}

static okta_status read_home_of(okta_config *config, const char *given,
                                struct stat *seen, okta_error *err)
{
    OKT_BUF_AUTO home = OKT_BUF_INIT(PATH_MAX_LEN);
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    const char *variable = getenv("HOME");
    okta_status st;

    if (given != NULL)
        okt_buf_str(&home, given);
    else if (variable != NULL && variable[0] == '/')
        okt_buf_str(&home, variable);
    else
        account_home(&home);
    st = okt_check_buf(&home, "the path of the home folder", err);
    if (st != OKTA_OK || home.len == 0)
        return st;
    st = join_path(home.data, ".okta/okta.yaml", &path, err);
    return st == OKTA_OK ? read_home(config, path.data, seen, err) : st;
}

/*
 * Go's SDK reads .okta.yaml, the others okta.yaml, none reads both. Where both
 * are there, okta.yaml is the one, and a warning says so.
 */
static okta_status read_folder(okta_config *config, const char *given,
                               const struct stat *home, okta_error *err)
{
    const char *folder = given != NULL ? given : ".";
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    OKT_BUF_AUTO other = OKT_BUF_INIT(PATH_MAX_LEN);
    struct stat hidden;
    bool found;
    okta_status st;

    if (folder[0] == '\0')
        return OKTA_OK;
    st = join_path(folder, "okta.yaml", &path, err);
    if (st == OKTA_OK)
        st = join_path(folder, ".okta.yaml", &other, err);
    if (st == OKTA_OK)
        st = read_folder_file(config, path.data, home, &found, err);
    if (st != OKTA_OK)
        return st;
    if (!found)
        return read_folder_file(config, other.data, home, &found, err);
    if (lstat(other.data, &hidden) == 0)
        okt_config_warn(config, "%s is ignored: %s is there too", other.data,
                        path.data);
    return OKTA_OK;
}

okta_status okt_config_read_files(okta_config *config,
                                  const okta_config_options *options,
                                  okta_error *err)
{
    struct stat home = { .st_ino = 0 };
    okta_status st = read_home_of(config, options->home, &home, err);

    return st == OKTA_OK ? read_folder(config, options->folder, &home, err)
                         : st;
}
