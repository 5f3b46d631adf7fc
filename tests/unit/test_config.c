/* SPDX-License-Identifier: Apache-2.0 */
/* test_config.c - where settings come from, and where a credential may go. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

#define PASSWORD "hunter2-not-to-be-seen"
#define TOKEN "okta:\n  client:\n    token: " SECRET "\n"
#define IN_CLIENT(text) "okta:\n  client:\n" text
#define NOBODY 65534
#define RETRIES "rateLimit.maxRetries" /* any source may set it */

/* ------------------------------------------------------------ A little world
 * --
 */

enum { PATH_MAX_LEN = 256 };

/* A folder for each test, with a home and a working directory in it. */
static struct world {
    char root[PATH_MAX_LEN];
    char home[PATH_MAX_LEN];
    char folder[PATH_MAX_LEN];
    char home_file[PATH_MAX_LEN];
    char folder_file[PATH_MAX_LEN];
    char hidden_file[PATH_MAX_LEN];
    struct okt_buf log;
    int dlopens;
    int dlcloses;
    bool no_library;
} w;

extern char **environ;

void *__real_dlopen(const char *name, int flags);
int __real_dlclose(void *handle);
void *__wrap_dlopen(const char *name, int flags);
int __wrap_dlclose(void *handle);

void *__wrap_dlopen(const char *name, int flags)
{
    w.dlopens++;
    return w.no_library ? NULL : __real_dlopen(name, flags);
}

int __wrap_dlclose(void *handle)
{
    w.dlcloses++;
    return __real_dlclose(handle);
}

static void path_in(char out[PATH_MAX_LEN], const char *folder,
                    const char *name)
{
    int len = snprintf(out, PATH_MAX_LEN, "%.100s/%s", folder, name);

    assert_true(len > 0 && len < PATH_MAX_LEN);
}

static void forget_environment(void)
{
    for (char **p = environ; *p != NULL;) {
        char name[PATH_MAX_LEN];
        size_t len = strcspn(*p, "=");

        if ((strncmp(*p, "OKTA_", 5) != 0 &&
             strncmp(*p, "SSL_CERT_", 9) != 0) ||
            len >= sizeof(name)) {
            p++;
            continue;
        }
        memcpy(name, *p, len);
        name[len] = '\0';
        unsetenv(name);
        p = environ;
    }
}

static int set_up(void **state)
{
    char folder[PATH_MAX_LEN];
    const char *temporary = getenv("TMPDIR");

    (void)state;
    w = (struct world){ .log = OKT_BUF_INIT(65536) };
    path_in(w.root, temporary != NULL ? temporary : "/tmp", "okta-XXXXXX");
    assert_non_null(mkdtemp(w.root));
    assert_int_equal(chmod(w.root, 0755), 0);
    path_in(w.home, w.root, "home");
    path_in(w.folder, w.root, "folder");
    path_in(folder, w.home, ".okta");
    assert_int_equal(mkdir(w.home, 0755), 0);
    assert_int_equal(mkdir(w.folder, 0755), 0);
    assert_int_equal(mkdir(folder, 0755), 0);
    path_in(w.home_file, folder, "okta.yaml");
    path_in(w.folder_file, w.folder, "okta.yaml");
    path_in(w.hidden_file, w.folder, ".okta.yaml");
    forget_environment();
    return 0;
}

static int tear_down(void **state)
{
    char folder[PATH_MAX_LEN];

    (void)state;
    remove(w.home_file);
    remove(w.folder_file);
    remove(w.hidden_file);
    path_in(folder, w.home, ".okta");
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(rmdir(w.home), 0);
    assert_int_equal(rmdir(w.folder), 0);
    assert_int_equal(rmdir(w.root), 0);
    okt_buf_free(&w.log);
    forget_environment();
    return 0;
}

static void write_bytes(const char *path, const void *data, size_t len)
{
    int fd;

    remove(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    assert_int_equal(close(fd), 0);
}

static void write_file(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* No secret in what a person gets to see. */
static void assert_discreet(const char *text)
{
    assert_null(strstr(text, SECRET));
    assert_null(strstr(text, PASSWORD));
}

static void assert_holds(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" does not hold \"%s\"", text, part);
}

static void log_line(void *ctx, okta_log_level level, const char *line)
{
    (void)ctx;
    assert_int_equal(level, OKTA_LOG_WARNING);
    assert_discreet(line);
    okt_buf_printf(&w.log, "%s\n", line);
}

static const char *logged(void)
{
    return w.log.data;
}

static okta_config_options test_options(void)
{
    okta_config_options options = OKTA_CONFIG_OPTIONS_INIT;

    options.home = w.home;
    options.folder = w.folder;
    options.log = log_line;
    return options;
}

static okta_config *load(void)
{
    okta_config_options options = test_options();
    okta_config *config = NULL;
    okta_error err = { .message = "" };
    okta_status st = okta_config_load(&options, &config, &err);

    if (st != OKTA_OK)
        fail_msg("%s: %s", okta_status_name(st), err.message);
    return config;
}

/* Loading fails, and says this. */
static void assert_refused(const char *message)
{
    okta_config_options options = test_options();
    okta_config *config = NULL;
    okta_error err = { .message = "" };

    assert_int_equal(okta_config_load(&options, &config, &err),
                     OKTA_ERR_CONFIG);
    assert_null(config);
    assert_int_equal(err.status, OKTA_ERR_CONFIG);
    assert_discreet(err.message);
    assert_holds(err.message, message);
}

static void assert_value(const okta_config *config, const char *key,
                         const char *value)
{
    const char *is = okta_config_get(config, key);

    if (value == NULL && is != NULL)
        fail_msg("%s is %s", key, is);
    if (value != NULL && (is == NULL || strcmp(is, value) != 0))
        fail_msg("%s is %s, not %s", key, is != NULL ? is : "unset", value);
}

static void set(okta_config *config, const char *key, const char *value)
{
    okta_error err = { .message = "" };

    if (okta_config_set(config, key, value, "--test", &err) != OKTA_OK)
        fail_msg("%s", err.message);
}

/* --------------------------------------------------------------- Spellings --
 */

static void a_file_may_use_every_spelling(void **state)
{
    static const struct {
        const char *line;
        const char *key;
        const char *value;
    } cases[] = {
        { "    orgUrl: " ORG, "orgUrl", ORG },
        { "    oktaDomain: " ORG "/", "orgUrl", ORG },
        { "    oktaDomain: example.okta.com", "orgUrl", ORG },
        { "    OrgURL: Example.Okta.com", "orgUrl", ORG },
        { "    token: abc", "token", "abc" },
        { "    authorizationMode: SSWS", "authorizationMode", "SSWS" },
        { "    clientId: 0oa1", "clientId", "0oa1" },
        { "    scopes: okta.a.read", "scopes", "okta.a.read" },
        { "    scopes: a,b c", "scopes", "a b c" },
        { "    scopes: [a, b]", "scopes", "a b" },
        { "    scopes:\n      - a\n      - b,c", "scopes", "a b c" },
        { "    privateKey: /key.pem", "privateKey", "/key.pem" },
        { "    jwk: '{}'", "privateKey", "{}" },
        { "    privateKeyId: k1", "privateKeyId", "k1" },
        { "    keyId: k1", "privateKeyId", "k1" },
        { "    kid: k1", "privateKeyId", "k1" },
        { "    connectionTimeout: 10", "connectionTimeout", "10" },
        { "    requestTimeout: 20", "requestTimeout", "20" },
        { "    rateLimit:\n      maxRetries: 2", "rateLimit.maxRetries", "2" },
        { "    maxRetries: 2", "rateLimit.maxRetries", "2" },
        { "    rateLimit: {maxBackoff: 9}", "rateLimit.maxBackoff", "9" },
        { "    proxy:\n      host: p.test", "proxy.host", "p.test" },
        { "    proxy: {port: 8080}", "proxy.port", "8080" },
        { "    proxy: {username: me}", "proxy.username", "me" },
        { "    proxy: {password: pw}", "proxy.password", "pw" },
        { "    caFile: /etc/ca.pem", "caFile", "/etc/ca.pem" },
        { "    caDir: /etc/ca", "caDir", "/etc/ca" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[512];
        AUTO(okta_config) config = NULL;

        snprintf(text, sizeof(text), IN_CLIENT("%s\n"), cases[i].line);
        write_file(w.home_file, text);
        config = load();
        assert_value(config, cases[i].key, cases[i].value);
        assert_int_equal(okta_config_source(config, cases[i].key),
                         OKTA_SOURCE_HOME_FILE);
    }
}

/* clang-format off */
static const struct variable {
    const char *name;
    const char *key;
    const char *text;
    const char *value;
} variables[] = {
    { "OKTA_CLIENT_ORGURL",                 "orgUrl", "example.okta.com", ORG },
    { "OKTA_CLIENT_ORG_URL",                "orgUrl", ORG, ORG                },
    { "OKTA_CLIENT_OKTADOMAIN",             "orgUrl", ORG "/", ORG            },
    { "OKTA_CLIENT_OKTA_DOMAIN",            "orgUrl", ORG, ORG                },
    { "OKTA_CLIENT_TOKEN",                  "token", " abc\n", "abc"          },
    { "OKTA_CLIENT_AUTHORIZATIONMODE",      "authorizationMode", "bearer", "Bearer" },
    { "OKTA_CLIENT_AUTHORIZATION_MODE",     "authorizationMode", "SSWS", "SSWS" },
    { "OKTA_CLIENT_CLIENTID",               "clientId", "0oa", "0oa"          },
    { "OKTA_CLIENT_CLIENT_ID",              "clientId", "0oa", "0oa"          },
    { "OKTA_CLIENT_SCOPES",                 "scopes", "a,b", "a b"            },
    { "OKTA_CLIENT_PRIVATEKEY",             "privateKey", "k\n", "k"          },
    { "OKTA_CLIENT_PRIVATE_KEY",            "privateKey", "k", "k"            },
    { "OKTA_CLIENT_JWK",                    "privateKey", "{}", "{}"          },
    { "OKTA_CLIENT_PRIVATEKEYID",           "privateKeyId", "k", "k"          },
    { "OKTA_CLIENT_PRIVATE_KEY_ID",         "privateKeyId", "k", "k"          },
    { "OKTA_CLIENT_KEYID",                  "privateKeyId", "k", "k"          },
    { "OKTA_CLIENT_KEY_ID",                 "privateKeyId", "k", "k"          },
    { "OKTA_CLIENT_KID",                    "privateKeyId", "k", "k"          },
    { "OKTA_CLIENT_CONNECTIONTIMEOUT",      "connectionTimeout", "5", "5"     },
    { "OKTA_CLIENT_CONNECTION_TIMEOUT",     "connectionTimeout", "5", "5"     },
    { "OKTA_CLIENT_REQUESTTIMEOUT",         "requestTimeout", "1000", "1"     },
    { "OKTA_CLIENT_REQUEST_TIMEOUT",        "requestTimeout", "5", "5"        },
    { "OKTA_CLIENT_RATELIMIT_MAXRETRIES",   "rateLimit.maxRetries", "3", "3"  },
    { "OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES", "rateLimit.maxRetries", "3", "3"  },
    { "OKTA_CLIENT_MAXRETRIES",             "rateLimit.maxRetries", "3", "3"  },
    { "OKTA_CLIENT_RATELIMIT_MAXBACKOFF",   "rateLimit.maxBackoff", "3", "3"  },
    { "OKTA_CLIENT_RATE_LIMIT_MAX_BACKOFF", "rateLimit.maxBackoff", "3", "3"  },
    { "OKTA_CLIENT_PROXY_HOST",             "proxy.host", "p.test", "p.test"  },
    { "OKTA_CLIENT_PROXY_PORT",             "proxy.port", "3128", "3128"      },
    { "OKTA_CLIENT_PROXY_USERNAME",         "proxy.username", "me", "me"      },
    { "OKTA_CLIENT_PROXY_PASSWORD",         "proxy.password", "pw", "pw"      },
    { "OKTA_CLIENT_CAFILE",                 "caFile", "/ca.pem", "/ca.pem"    },
    { "OKTA_CLIENT_CA_FILE",                "caFile", "/ca.pem", "/ca.pem"    },
    { "OKTA_CLIENT_CADIR",                  "caDir", "/ca", "/ca"             },
    { "OKTA_CLIENT_CA_DIR",                 "caDir", "/ca", "/ca"             },
    { "SSL_CERT_FILE",                      "caFile", "ca.pem", "ca.pem"      },
    { "SSL_CERT_DIR",                       "caDir", "/ca", "/ca"             },
};
/* clang-format on */

static void the_environment_may_use_every_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
        const struct variable *v = &variables[i];
        AUTO(okta_config) config = NULL;

        forget_environment();
        setenv(v->name, v->text, 1);
        config = load();
        assert_value(config, v->key, v->value);
        assert_int_equal(okta_config_source(config, v->key),
                         OKTA_SOURCE_ENVIRONMENT);
        assert_string_equal(okta_config_origin(config, v->key), v->name);
    }
}

static void a_variable_that_is_empty_is_not_set(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    write_file(w.home_file, IN_CLIENT("    clientId: mine\n"));
    setenv("OKTA_CLIENT_CLIENTID", "", 1);
    setenv("OKTA_CLIENT_CLIENT_ID", " \t", 1);
    config = load();
    assert_value(config, "clientId", "mine");
}

static void the_environment_can_be_left_out(void **state)
{
    okta_config_options options = test_options();
    AUTO(okta_config) config = NULL;

    (void)state;
    setenv("OKTA_CLIENT_TOKEN", SECRET, 1);
    setenv("OKTA_TESTING_DISABLE_HTTPS_CHECK", "true", 1);
    options.no_environment = true;
    assert_int_equal(okta_config_load(&options, &config, NULL), OKTA_OK);
    assert_value(config, "token", NULL);
    assert_string_equal(logged(), "");
}

static void two_spellings_must_say_the_same(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    setenv("OKTA_CLIENT_ORGURL", "https://example.okta.com/", 1);
    setenv("OKTA_CLIENT_OKTADOMAIN", "Example.okta.com", 1);
    config = load();
    assert_value(config, "orgUrl", ORG);
    setenv("OKTA_CLIENT_OKTADOMAIN", "other.okta.com", 1);
    assert_refused("OKTA_CLIENT_OKTADOMAIN: oktaDomain is not what "
                   "OKTA_CLIENT_ORGURL says");
    unsetenv("OKTA_CLIENT_OKTADOMAIN");
    write_file(w.home_file, IN_CLIENT("    kid: a\n    keyId: b\n"));
    assert_refused("okta.yaml:3: kid is not what ");
}

/* -------------------------------------------------------------- Precedence --
 */

static void the_later_source_wins(void **state)
{
    AUTO(okta_config) config = NULL;
    char origin[PATH_MAX_LEN];

    (void)state;
    write_file(w.home_file, IN_CLIENT("    maxRetries: 1\n    keyId: k\n"));
    config = load();
    assert_value(config, RETRIES, "1");
    snprintf(origin, sizeof(origin), "%.200s:3", w.home_file);
    assert_string_equal(okta_config_origin(config, RETRIES), origin);
    okta_config_free(TAKE(config));

    write_file(w.folder_file, IN_CLIENT("    maxRetries: 2\n"));
    config = load();
    assert_value(config, RETRIES, "2");
    assert_value(config, "privateKeyId", "k");
    assert_int_equal(okta_config_source(config, RETRIES),
                     OKTA_SOURCE_FOLDER_FILE);
    okta_config_free(TAKE(config));

    setenv("OKTA_CLIENT_MAXRETRIES", "3", 1);
    config = load();
    assert_value(config, RETRIES, "3");
    set(config, RETRIES, "4");
    assert_value(config, RETRIES, "4");
    assert_string_equal(okta_config_origin(config, RETRIES), "--test");
    set(config, RETRIES, "5");
    assert_value(config, RETRIES, "5");
    set(config, RETRIES, NULL);
    assert_value(config, RETRIES, "3");
}

static void what_is_not_set_has_no_source(void **state)
{
    AUTO(okta_config) config = load();

    (void)state;
    for (size_t i = 0; i < okta_config_key_count(); i++) {
        const char *key = okta_config_key(i);

        assert_null(okta_config_get(config, key));
        assert_int_equal(okta_config_source(config, key), OKTA_SOURCE_NONE);
        assert_string_equal(okta_config_origin(config, key), "");
    }
    assert_null(okta_config_key(okta_config_key_count()));
    assert_null(okta_config_get(config, "no such key"));
    assert_int_equal(okta_config_source(config, "accessToken"),
                     OKTA_SOURCE_NONE);
}

static void secrets_are_known_as_such(void **state)
{
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < okta_config_key_count(); i++)
        count += okta_config_is_secret(okta_config_key(i));
    assert_int_equal(count, 3);
    assert_true(okta_config_is_secret("token"));
    assert_true(okta_config_is_secret("accessToken"));
    assert_true(okta_config_is_secret("privateKey"));
    assert_true(okta_config_is_secret("proxy.password"));
    assert_false(okta_config_is_secret("orgUrl"));
    assert_false(okta_config_is_secret("nothing"));
}

/* -------------------------------------------------------------- One form -- */

static void values_come_in_one_form(void **state)
{
    static const struct {
        const char *key;
        const char *text;
        const char *value;
    } cases[] = {
        { "requestTimeout", "0", "0" },
        { "requestTimeout", "999", "999" },
        { "requestTimeout", "1000", "1" },
        { "requestTimeout", "1500", "1.5" },
        { "requestTimeout", "30000", "30" },
        { "requestTimeout", "1200000", "1200" },
        { "requestTimeout", "86400000", "86400" },
        { "requestTimeout", " 2.5 ", "2.5" },
        { "requestTimeout", "0.05", "0.05" },
        { "connectionTimeout", "10001", "10.001" },
        { "rateLimit.maxRetries", "0", "0" },
        { "rateLimit.maxRetries", "007", "7" },
        { "scopes", " a,  b\tc\n,", "a b c" },
        { "authorizationMode", "ssws", "SSWS" },
        { "authorizationMode", "BearerToken", "Bearer" },
        { "authorizationMode", "privatekey", "PrivateKey" },
        { "authorizationMode", "JWK", "PrivateKey" },
        { "orgUrl", "http://localhost:8080", "http://localhost:8080" },
        { "proxy.host", "http://p.test:3128/", "http://p.test:3128" },
        { "proxy.host", "", "" },
        { "proxy.port", "65535", "65535" },
        { "caFile", "ca.pem", "ca.pem" },
        { "privateKey", " -----BEGIN\n", " -----BEGIN\n" },
        { "privateKey", " '{}'\n", " '{}'\n" },
        { "privateKey", " key.pem\n", "key.pem" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = load();

        set(config, cases[i].key, cases[i].text);
        assert_value(config, cases[i].key, cases[i].value);
    }
}

/* As env files, editors and people who copy headers leave them. */
static void what_stands_around_a_value_is_taken_off(void **state)
{
    static const struct {
        const char *key;
        const char *text;
        const char *value;
    } cases[] = {
        { "orgUrl", "\"" ORG "\"", ORG },
        { "orgUrl", "' " ORG "/ '\r\n", ORG },
        { "orgUrl", "\xef\xbb\xbf" ORG "\r\n", ORG },
        { "token", "\"abc\"", "abc" },
        { "token", "'abc'\r\n", "abc" },
        { "token", "SSWS abc", "abc" },
        { "token", "ssws  abc", "abc" },
        { "token", "\"SSWS abc\"", "abc" },
        { "token", "SSWS 'abc'", "abc" },
        { "token", "Bearer abc", "abc" },
        { "token",
          "\xef\xbb\xbf"
          "abc\r\n",
          "abc" },
        { "token", "SSWS", "SSWS" },
        { "token", "\"abc", "\"abc" },
        { "token", "\"", "\"" },
        { "clientId", "\"0oa1\"", "0oa1" },
        { "scopes", "\"a b\"", "a b" },
        { "scopes", "'a,b'\r\n", "a b" },
        { "requestTimeout", "\"5\"", "5" },
        { "authorizationMode", "'Bearer'", "Bearer" },
        { "proxy.host", "\"p.test\"", "p.test" },
        { "caFile", "\"/ca.pem\"", "/ca.pem" },
        { "privateKey", "\"/key.pem\"", "/key.pem" },
        { "proxy.password", "\"pw\"", "\"pw\"" }, /* may be part of one */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = load();

        set(config, cases[i].key, cases[i].text);
        assert_value(config, cases[i].key, cases[i].value);
    }
}

static void a_relative_path_begins_where_it_was_written(void **state)
{
    static const char *const keys[] = { "caFile", "caDir", "privateKey" };
    static const char lines[] =
        IN_CLIENT("    caFile: ca.pem\n"
                  "    caDir: ca\n"
                  "    privateKey: ./key.pem\n");
    static const char *const names[] = { "ca.pem", "ca", "./key.pem" };

    (void)state;
    write_file(w.home_file, lines);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        AUTO(okta_config) config = load();
        char path[PATH_MAX_LEN];
        char folder[PATH_MAX_LEN];

        path_in(folder, w.home, ".okta");
        path_in(path, folder, names[i]);
        assert_value(config, keys[i], path);
        set(config, keys[i], names[i]);
        assert_value(config, keys[i], names[i]);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *key;
        const char *text;
        const char *message;
    } cases[] = {
        { "requestTimeout", "30abc", "neither seconds" },
        { "requestTimeout", "-1", "neither seconds" },
        { "requestTimeout", "1e3", "neither seconds" },
        { "requestTimeout", "1000.5", "neither seconds" },
        { "requestTimeout", "1.2345", "neither seconds" },
        { "requestTimeout", "1.", "neither seconds" },
        { "requestTimeout", ".", "neither seconds" },
        { "requestTimeout", "86400001", "neither seconds" },
        { "requestTimeout", "99999999999999999999", "neither seconds" },
        { "rateLimit.maxRetries", "1001", "from 0 to 1000" },
        { "rateLimit.maxRetries", "true", "from 0 to 1000" },
        { "rateLimit.maxBackoff", "86401", "from 0 to 86400" },
        { "proxy.port", "0", "from 1 to 65535" },
        { "proxy.port", "65536", "from 1 to 65535" },
        { "proxy.host", "me:" PASSWORD "@p.test", "user or a password" },
        { "proxy.host", "http://", "is empty" },
        { "proxy.host", "ftp://p.test", "no host and no URL" },
        { "proxy.host", "p.test/path", "no host and no URL" },
        { "authorizationMode", PASSWORD, "SSWS, Bearer, PrivateKey" },
        { "clientId", "a\nb", "control character" },
        { "clientId", "  ", "is empty" },
        { "scopes", ", ,", "is empty" },
        { "scopes", "a\x01", "can't be a scope" },
        { "scopes", "\xc3\xa4", "can't be a scope" },
        { "privateKey", "\n", "is empty" },
        { "token", "", "is empty" },
        { "token", SECRET "\n" PASSWORD, "control character" },
        { "orgUrl", "", "is empty" },
        { "orgUrl", "http://example.okta.com", "is not usable" },
        { "orgUrl", "https://me:" PASSWORD "@x.test", "is not usable" },
        { "orgUrl", "https://acme-admin.okta.com", "https://acme.okta.com" },
        { "orgUrl", SECRET, "looks like a token" },
        { "clientId", SECRET, "looks like a token" },
        { "nonsense", "x", "no such setting: nonsense" },
        { "accessToken", "x", "no such setting" },
    };
    AUTO(okta_config) config = load();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        okta_error err = { .message = "" };

        assert_int_equal(okta_config_set(config, cases[i].key, cases[i].text,
                                         "--test", &err),
                         OKTA_ERR_ARGUMENT);
        assert_discreet(err.message);
        assert_holds(err.message, cases[i].message);
        assert_null(okta_config_get(config, cases[i].key));
    }
}

static void a_value_has_a_bound(void **state)
{
    AUTO(okta_config) config = load();
    AUTO(char) text = calloc(1, 65538);
    okta_error err;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', 65537);
    assert_int_equal(okta_config_set(config, "token", text, "--test", &err),
                     OKTA_ERR_ARGUMENT);
    assert_string_equal(err.message, "--test: token is over 65536 bytes");
    text[65536] = '\0';
    set(config, "token", text);
}

/* ------------------------------------------------------------ What a file is
 * --
 */

static void a_file_without_settings_is_no_error(void **state)
{
    static const char *const texts[] = {
        "",
        "\n# nothing\n",
        "---\n",
        "~",
        "okta:\n",
        "okta: null\n",
        "okta: {client: ~}\n",
        "okta:\n  client:\n",
        "okta:\n  testing:\n    testingDisableHttpsCheck: false\n",
        "okta: {client: {proxy: {host: null, port: ~, username: ''}}}\n",
        "okta: {client: {token: '', orgUrl: '  '}}\n",
        "other: [1, {a: b}]\nokta:\n  idx: {x: y}\n",
        "okta:\n  client:\n    cache: {enabled: false}\n    userAgent: x\n",
        "[a, b]: complex key\n",
        "kubernetes: &a {<<: {x: 1}, y: *a2}\n",
    };

    (void)state;
    for (size_t i = 0; i + 1 < ARRAY_LEN(texts); i++) {
        AUTO(okta_config) config = NULL;

        write_file(w.home_file, texts[i]);
        config = load();
        for (size_t k = 0; k < okta_config_key_count(); k++)
            assert_value(config, okta_config_key(k), NULL);
    }
    write_file(w.home_file, texts[ARRAY_LEN(texts) - 1]);
    assert_refused("okta.yaml:1: an alias of nothing");
    assert_string_equal(logged(), "");
}

static void a_file_may_have_every_shape(void **state)
{
    static const char *const texts[] = {
        "okta:\n  client:\n    token: abc\n    clientId: id\n",
        "okta:\r\n  client:\r\n    token: abc\r\n    clientId: id\r\n",
        "\xef\xbb\xbfokta:\n  client:\n    token: abc\n    clientId: id\n",
        "okta:\n  client:\n    token:\tabc\t\n    clientId: \"id\"",
        "{\"okta\": {\"client\": {\"token\": \"abc\", \"clientId\": \"id\"}}}",
        "{\n\t\"okta\": {\n\t\t\"client\": {\"token\": \"abc\",\n"
        "\t\t\"clientId\": \"id\"}\n\t}\n}\n",
        "okta:\n  client:\n    token: |\n      abc\n    clientId: >-\n      "
        "id\n",
        "x: &t abc\nokta:\n  client: {token: *t, clientId: !!str id}\n",
        "c: &c\n  token: abc\n  clientId: id\nokta: {client: *c}\n",
        "%YAML 1.1\n---\nokta: {client: {token: abc, clientId: ! id}}\n...\n",
        "o: &o okta\n*o : {client: {token: abc, clientId: id}}\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        AUTO(okta_config) config = NULL;

        write_file(w.home_file, texts[i]);
        config = load();
        assert_value(config, "token", "abc");
        assert_value(config, "clientId", "id");
    }
}

static void a_bad_file_is_named_with_line_and_key(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "okta: 5\n", ":1: okta is not a map" },
        { "- okta\n", ":1: the file is not a map" },
        { PASSWORD, ":1: the file is not a map" },
        { "okta:\n  client: [" SECRET "]\n", ":2: client is not a map" },
        { IN_CLIENT("    proxy: " PASSWORD "\n"), ":3: proxy is not a map" },
        { IN_CLIENT("    token: [" SECRET "]\n"), ":3: token is not a text" },
        { IN_CLIENT("    token: {" SECRET ": x}\n"), ":3: token is not a " },
        { IN_CLIENT("    token: {apiToken}\n"), ":3: token is not a text" },
        { IN_CLIENT("    token: !vault " SECRET "\n"), ":3: token is not a " },
        { IN_CLIENT("    token: !!binary YQ==\n"), ":3: token is not a text" },
        { IN_CLIENT("\n    oktaDomain: {a: b}\n"), ":4: oktaDomain is not a " },
        { IN_CLIENT("    scopes: {a: b}\n"), ":3: scopes is not a text or a " },
        { IN_CLIENT("    scopes: [[a]]\n"), ":3: scopes is not a text or a " },
        { IN_CLIENT("    privateKey: [a]\n"), ":3: privateKey is not a text " },
        { IN_CLIENT("    jwk: {[a]: b}\n"), ":3: jwk is not a text or the " },
        { IN_CLIENT("    jwk: {a: !x b}\n"), ":3: jwk is not a text or the " },
        { IN_CLIENT("    proxy:\n      port: x\n"), ":4: proxy.port is not " },
        { IN_CLIENT("    requestTimeout: 30abc\n"), ":3: requestTimeout is " },
        { IN_CLIENT("    authorizationMode: " PASSWORD "\n"),
          ":3: authorizationMode is not one of" },
        { IN_CLIENT("    orgUrl: 'https://{yourOktaDomain}'\n"),
          ":3: orgUrl is not usable: the org URL" },
        { IN_CLIENT("    orgUrl: http://example.okta.com\n"),
          ":3: orgUrl is not usable: http would" },
        { IN_CLIENT("    token: \"" SECRET "\\0\"\n"), ":3: a NUL in a value" },
        { IN_CLIENT("    token: \"" SECRET "\n"),
          "not YAML: found unexpected" },
        { IN_CLIENT("    token: " SECRET ": " PASSWORD "\n"),
          ":3: not YAML: " },
        { IN_CLIENT("    token: '" SECRET "' " PASSWORD "\n"), ":3: not YAML" },
        { IN_CLIENT("\t token: " SECRET "\n"), ":3: not YAML: " },
        { IN_CLIENT("    token: @" PASSWORD "\n"), ":3: not YAML: " },
        { IN_CLIENT("    token: \"\\q" PASSWORD "\"\n"), ":3: not YAML: " },
        { "okta:\n  client:\n    token: \xff\xfe" PASSWORD "\n", "not YAML: " },
        { "a: b\n---\nc: d\n", ":2: a second document" },
        { "a: &a [*a]\n", ":1: an alias of what it stands in" },
        { "a: &a\n  b: {c: *a}\n", ":2: an alias of what it stands in" },
        { "a: *" PASSWORD "\n", ":1: an alias of nothing" },
        { "b: &b {token: x}\nokta:\n  client:\n    <<: *b\n",
          ":4: client is merged (<<)" },
        { "okta: {client: {}}\n<<: {a: b}\n", ":1: the file is merged (<<)" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_file(w.home_file, cases[i].text);
        assert_refused(cases[i].message);
        if (cases[i].message[0] == ':')
            assert_refused(w.home_file);
    }
}

static void a_key_must_not_be_there_twice(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { IN_CLIENT("    token: " SECRET "\n    token: " PASSWORD "\n"),
          ":4: the key token is there twice" },
        { IN_CLIENT("    token: a\n    'token': a\n"),
          ":4: the key token is there twice" },
        { "okta: {}\na: b\nokta: {}\n", ":3: the key okta is there twice" },
        { "other:\n  - x: {y: 1,\n        y: 2}\n", ":3: the key y is there" },
        { "x: &k key\nmap: {*k : 1, key: 2}\n", ":2: the key key is there" },
        { "okta: {client: {jwk: {d: a, d: b}}}\n", ":1: the key d is there" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_file(w.home_file, cases[i].text);
        assert_refused(cases[i].message);
    }
}

/* What is written as a text is one: a token may be called "null". */
static void null_is_nothing_only_where_it_is_plain(void **state)
{
    static const struct {
        const char *line;
        const char *value;
    } cases[] = {
        { "    token: null\n", NULL },
        { "    token: NULL\n", NULL },
        { "    token: ~\n", NULL },
        { "    token: nULL\n", "nULL" },
        { "    token: 'null'\n", "null" },
        { "    token: \"~\"\n", "~" },
        { "    token: !!str null\n", "null" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[128];
        AUTO(okta_config) config = NULL;

        snprintf(text, sizeof(text), IN_CLIENT("%s"), cases[i].line);
        write_file(w.home_file, text);
        config = load();
        assert_value(config, "token", cases[i].value);
    }
}

/* Of two orgs or tokens one would win by chance. */
static void keys_must_not_differ_in_letter_case_alone(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { IN_CLIENT("    ORGURL: " ORG "\n\n    orgUrl: https://b.test\n"),
          ":3: ORGURL and, in line 5, orgUrl are the same key" },
        { IN_CLIENT("    orgUrl: " ORG "\n    ORGURL: https://b.test\n"),
          ":3: orgUrl and, in line 4, ORGURL are the same key" },
        { IN_CLIENT("    Token: a\n    TOKEN: b\n"),
          ":3: Token and, in line 4, TOKEN are" },
        { "okta:\n  client: {}\n  Client: {}\n",
          ":2: client and, in line 3, Client are" },
        { "okta: {}\nOkta: {}\n", ":1: okta and, in line 2, Okta are" },
        { IN_CLIENT("    proxy: {host: a, HOST: b}\n"),
          ":3: host and, in line 3, HOST are" },
    };
    AUTO(okta_config) config = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_file(w.home_file, cases[i].text);
        assert_refused(cases[i].message);
    }
    write_file(w.home_file, "other: {a: b, A: c}\nokta: {client: {kid: k}}\n");
    config = load();
    assert_value(config, "privateKeyId", "k");
}

static void a_private_key_may_be_a_map(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    write_file(w.home_file,
               "key: &k\n  kty: RSA\n  d: 'a\"\\'\n  p: null\n  n: ~\n"
               "  e: \"\\x01\"\n  key_ops: [sign, {x: y, z: '}'}]\n"
               "  'q\"': \xc3\xa4\n  l: []\n  m: {}\n"
               "okta:\n  client:\n    privateKey: *k\n");
    config = load();
    assert_value(config, "privateKey",
                 "{\"kty\":\"RSA\",\"d\":\"a\\\"\\\\\",\"e\":\"\\u0001\","
                 "\"key_ops\":[\"sign\",{\"x\":\"y\",\"z\":\"}\"}],"
                 "\"q\\\"\":\"\xc3\xa4\",\"l\":[],\"m\":{}}");
    assert_true(okta_config_is_secret("privateKey"));
    okta_config_free(TAKE(config));
    write_file(w.home_file,
               IN_CLIENT("    privateKey: |\n      -----BEGIN\n      x\n"));
    config = load();
    assert_value(config, "privateKey", "-----BEGIN\nx\n");
}

/* ------------------------------------------------------------------ Bounds --
 */

static void write_nested(size_t depth)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(4096);

    okt_buf_str(&text, "x: ");
    for (size_t i = 1; i < depth; i++)
        okt_buf_char(&text, '[');
    for (size_t i = 1; i < depth; i++)
        okt_buf_char(&text, ']');
    write_bytes(w.home_file, text.data, text.len);
}

static void nesting_has_a_bound(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(char) text = calloc(1, 1000001);

    (void)state;
    write_nested(32);
    config = load();
    write_nested(33);
    assert_refused(":1: nested deeper than 32 levels");
    assert_non_null(text);
    memset(text, '[', 1000000);
    write_bytes(w.home_file, text, 1000000);
    assert_refused(":1: nested deeper than 32 levels");
}

static void the_size_of_a_file_has_a_bound(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(char) text = calloc(1, 1048577);

    (void)state;
    assert_non_null(text);
    memset(text, '#', 1048577);
    write_bytes(w.home_file, text, 1048576);
    config = load();
    write_bytes(w.home_file, text, 1048577);
    assert_refused("okta.yaml is over 1048576 bytes");
}

static void the_number_of_values_has_a_bound(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(1 << 20);
    AUTO(okta_config) config = NULL;

    (void)state;
    for (size_t i = 0; i < 4999; i++) /* and the map itself */
        okt_buf_printf(&text, "k%zu: v\n", i);
    write_bytes(w.home_file, text.data, text.len);
    config = load();
    okt_buf_str(&text, "k: v\n");
    write_bytes(w.home_file, text.data, text.len);
    assert_refused(":5000: more than 10000 values in one file");
}

/* Nine lines that would be 3^40 values if each alias were what it names. */
static void aliases_cannot_multiply(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(1 << 16);

    (void)state;
    okt_buf_str(&text, "a0: &a0 [x, x, x]\n");
    for (int i = 1; i < 28; i++)
        okt_buf_printf(&text, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1,
                       i - 1, i - 1);
    okt_buf_str(&text, "okta: {client: {jwk: {x: *a27}}}\n");
    write_bytes(w.home_file, text.data, text.len);
    assert_refused(":29: jwk is over 65536 bytes");
    okt_buf_clear(&text);
    okt_buf_str(&text, "a0: &a0 [x]\n");
    for (int i = 1; i < 40; i++)
        okt_buf_printf(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    okt_buf_str(&text, "okta: {client: {jwk: {x: *a39}}}\n");
    write_bytes(w.home_file, text.data, text.len);
    assert_refused(":41: jwk is not a text or the map of a JWK");
}

/* ------------------------------------------------- Whose credential, whose org
 * -- */

enum { SOURCES = OKTA_SOURCE_PROGRAM };

/* Puts settings, lines below okta.client or a variable's value, in a source. */
struct settings {
    const char *token;
    const char *org;
};

static void write_settings(const char *path, const struct settings *s)
{
    char text[512];

    if (s->token == NULL && s->org == NULL)
        return;
    snprintf(text, sizeof(text), IN_CLIENT("    x: y\n%s%s\n%s%s\n"),
             s->token != NULL ? "    token: " : "",
             s->token != NULL ? s->token : "",
             s->org != NULL ? "    orgUrl: " : "",
             s->org != NULL ? s->org : "");
    write_file(path, text);
}

static okta_config *config_of(const struct settings by_source[SOURCES + 1])
{
    const struct settings *env = &by_source[OKTA_SOURCE_ENVIRONMENT];
    const struct settings *program = &by_source[OKTA_SOURCE_PROGRAM];
    okta_config *config;

    forget_environment();
    remove(w.home_file);
    remove(w.folder_file);
    write_settings(w.home_file, &by_source[OKTA_SOURCE_HOME_FILE]);
    write_settings(w.folder_file, &by_source[OKTA_SOURCE_FOLDER_FILE]);
    if (env->token != NULL)
        setenv("OKTA_CLIENT_TOKEN", env->token, 1);
    if (env->org != NULL)
        setenv("OKTA_CLIENT_ORGURL", env->org, 1);
    config = load();
    if (program->token != NULL)
        set(config, "token", program->token);
    if (program->org != NULL)
        set(config, "orgUrl", program->org);
    return config;
}

static okta_status make_client(const okta_config *config, okta_client **out,
                               okta_error *err)
{
    okta_status st;

    *err = (okta_error){ .message = "" };
    st = okta_client_from_config(config, NULL, out, err);
    assert_discreet(err->message);
    return st;
}

/* The credential of each source with the org of each source. */
static void a_credential_goes_to_any_org_of_the_callers(void **state)
{
    static const bool allowed[SOURCES + 1][SOURCES + 1] = {
        [OKTA_SOURCE_HOME_FILE] = { [OKTA_SOURCE_HOME_FILE] = true,
                                    [OKTA_SOURCE_ENVIRONMENT] = true,
                                    [OKTA_SOURCE_PROGRAM] = true },
        [OKTA_SOURCE_FOLDER_FILE] = { [OKTA_SOURCE_FOLDER_FILE] = true,
                                      [OKTA_SOURCE_ENVIRONMENT] = true,
                                      [OKTA_SOURCE_PROGRAM] = true },
        [OKTA_SOURCE_ENVIRONMENT] = { [OKTA_SOURCE_HOME_FILE] = true,
                                      [OKTA_SOURCE_ENVIRONMENT] = true,
                                      [OKTA_SOURCE_PROGRAM] = true },
        [OKTA_SOURCE_PROGRAM] = { [OKTA_SOURCE_HOME_FILE] = true,
                                  [OKTA_SOURCE_ENVIRONMENT] = true,
                                  [OKTA_SOURCE_PROGRAM] = true },
    };

    (void)state;
    for (int token = OKTA_SOURCE_HOME_FILE; token <= SOURCES; token++) {
        for (int org = OKTA_SOURCE_HOME_FILE; org <= SOURCES; org++) {
            struct settings s[SOURCES + 1] = { { NULL, NULL } };
            AUTO(okta_config) config = NULL;
            AUTO(okta_client) client = NULL;
            okta_error err;
            okta_status st;

            s[token].token = SECRET;
            s[org].org = ORG;
            config = config_of(s);
            st = make_client(config, &client, &err);
            if ((st == OKTA_OK) != allowed[token][org])
                fail_msg("token of %d, org of %d: %s", token, org, err.message);
            assert_true(st == OKTA_OK || st == OKTA_ERR_CONFIG);
            assert_int_equal(client != NULL, st == OKTA_OK);
            if (client != NULL)
                assert_string_equal(okta_client_org_url(client), ORG);
        }
    }
}

static void a_refusal_says_what_to_do(void **state)
{
    static const struct {
        okta_source token;
        okta_source org;
        const char *message;
    } cases[] = {
        { OKTA_SOURCE_FOLDER_FILE, OKTA_SOURCE_HOME_FILE,
          "set orgUrl in that file too, or OKTA_CLIENT_ORGURL" },
        { OKTA_SOURCE_ENVIRONMENT, OKTA_SOURCE_FOLDER_FILE,
          "no org: set OKTA_CLIENT_ORGURL" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct settings s[SOURCES + 1] = { { NULL, NULL } };
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;
        okta_error err;

        s[cases[i].token].token = SECRET;
        s[cases[i].org].org = ORG;
        config = config_of(s);
        assert_int_equal(make_client(config, &client, &err), OKTA_ERR_CONFIG);
        assert_holds(err.message, cases[i].message);
    }
    assert_holds(logged(), "folder/okta.yaml:5: orgUrl is ignored: the "
                           "credential is not from that file\n");
}

/* A cloned repository must not be able to collect tokens. */
static void the_folder_never_redirects_a_credential_from_elsewhere(void **state)
{
    (void)state;
    for (int token = OKTA_SOURCE_HOME_FILE; token <= SOURCES; token++) {
        struct settings s[SOURCES + 1] = { { NULL, NULL } };
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;
        okta_error err;
        bool own = token == OKTA_SOURCE_FOLDER_FILE;

        s[token].token = SECRET;
        s[token].org = ORG;
        s[OKTA_SOURCE_FOLDER_FILE].org = "https://evil.test";
        config = config_of(s);
        assert_value(config, "orgUrl", own ? "https://evil.test" : ORG);
        assert_int_equal(okta_config_source(config, "orgUrl"), token);
        assert_int_equal(make_client(config, &client, &err), OKTA_OK);
        assert_string_equal(okta_client_org_url(client),
                            own ? "https://evil.test" : ORG);
    }
}

#define FOLDER_KEYS                                                           \
    "    orgUrl: https://evil.test\n    caFile: /evil.pem\n"                  \
    "    caDir: /evil\n"                                                      \
    "    connectionTimeout: 1\n    requestTimeout: 1\n"                       \
    "    proxy: {host: evil.test, port: 1, username: evil, password: evil}\n" \
    "    rateLimit: {maxBackoff: 1, maxRetries: 7}\n    clientId: mine\n"     \
    "    scopes: a\n    privateKeyId: k\n"

static void what_the_folder_gives_depends_on_the_credential(void **state)
{
    static const char *const guarded[] = {
        "orgUrl",         "caFile",         "connectionTimeout",
        "requestTimeout", "proxy.host",     "proxy.port",
        "proxy.username", "proxy.password", "rateLimit.maxBackoff",
        "caDir",          "clientId",       "scopes",
        "privateKeyId",
    };
    static const char *const free_keys[] = { RETRIES };
    static const char *const texts[] = {
        IN_CLIENT(FOLDER_KEYS),
        IN_CLIENT(FOLDER_KEYS "    token: " SECRET "\n"),
        IN_CLIENT(FOLDER_KEYS "    accessToken: x\n"
                              "    authorizationMode: Bearer\n"),
        IN_CLIENT(FOLDER_KEYS "    accessToken: x\n"),
        IN_CLIENT(FOLDER_KEYS "    privateKey: x\n"
                              "    authorizationMode: PrivateKey\n"),
    };
    static const bool own[] = { false, true, true, false, true };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        AUTO(okta_config) config = NULL;

        write_file(w.folder_file, texts[i]);
        config = load();
        for (size_t k = 0; k < ARRAY_LEN(guarded); k++)
            assert_int_equal(okta_config_source(config, guarded[k]),
                             own[i] ? OKTA_SOURCE_FOLDER_FILE
                                    : OKTA_SOURCE_NONE);
        for (size_t k = 0; k < ARRAY_LEN(free_keys); k++)
            assert_int_equal(okta_config_source(config, free_keys[k]),
                             OKTA_SOURCE_FOLDER_FILE);
        set(config, "token", SECRET);
        set(config, "authorizationMode", "SSWS");
        for (size_t k = 0; k < ARRAY_LEN(guarded); k++)
            assert_value(config, guarded[k], NULL);
    }
}

static void each_ignored_setting_is_named_once(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_client) client = NULL;
    okta_error err;
    size_t lines = 0;

    (void)state;
    write_file(w.folder_file, IN_CLIENT(FOLDER_KEYS));
    chmod(w.folder_file, 0600);
    setenv("OKTA_CLIENT_TOKEN", SECRET, 1);
    setenv("OKTA_CLIENT_ORGURL", ORG, 1);
    config = load();
    assert_string_equal(logged(), "");
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    for (const char *p = logged(); *p != '\0'; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 12);
    assert_holds(logged(), "okta.yaml:4: caFile is ignored");
    assert_holds(logged(), "okta.yaml:8: proxy.host is ignored");
    assert_null(strstr(logged(), "orgUrl")); /* the environment's wins anyway */
    assert_null(strstr(logged(), "evil"));
}

static void
a_token_that_the_mode_passes_over_is_not_called_ignored(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    write_file(w.home_file, IN_CLIENT("    authorizationMode: PrivateKey\n"
                                      "    oauth2: {accessToken: a}\n"
                                      "    orgUrl: " ORG "\n"));
    write_file(w.folder_file, TOKEN);
    config = load();
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    assert_string_equal(logged(), "");
}

/* ----------------------------------------------------------- Whose file it is
 * -- */

/* For tests of other accounts: root alone can be them, and TMPDIR must let them
 * in. */
static void only_root(void)
{
    struct stat st;
    int reached;

    if (geteuid() != 0)
        skip();
    assert_int_equal(seteuid(NOBODY), 0);
    reached = stat(w.home, &st);
    assert_int_equal(seteuid(0), 0);
    if (reached != 0)
        skip();
}

static okta_status load_as_nobody(okta_config **out, okta_error *err)
{
    okta_config_options options = test_options();
    okta_status st;

    *err = (okta_error){ .message = "" };
    assert_int_equal(seteuid(NOBODY), 0);
    st = okta_config_load(&options, out, err);
    assert_int_equal(seteuid(0), 0);
    return st;
}

static void the_home_file_must_be_safe(void **state)
{
    static const struct {
        mode_t mode;
        bool secret;
        const char *message; /* NULL: it is read */
    } cases[] = {
        { 0600, true, NULL },
        { 0400, true, NULL },
        { 0700, true, NULL },
        { 0640, true, "holds a secret and others can read it: chmod 600" },
        { 0604, true, "holds a secret and others can read it: chmod 600" },
        { 0644, true, "holds a secret and others can read it: chmod 600" },
        { 0644, false, NULL },
        { 0444, false, NULL },
        { 0620, true, "can be written by others: it must be yours alone" },
        { 0602, true, "can be written by others: it must be yours alone" },
        { 0620, false, "can be written by others: it must be yours alone" },
        { 0602, false, "can be written by others: it must be yours alone" },
        { 0666, false, "can be written by others: it must be yours alone" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = NULL;

        write_file(w.home_file,
                   cases[i].secret ? TOKEN
                                   : IN_CLIENT("    orgUrl: " ORG "\n"));
        assert_int_equal(chmod(w.home_file, cases[i].mode), 0);
        if (cases[i].message != NULL) {
            assert_refused(cases[i].message);
            assert_refused(w.home_file);
            continue;
        }
        config = load();
        assert_value(config, cases[i].secret ? "token" : "orgUrl",
                     cases[i].secret ? SECRET : ORG);
    }
    assert_string_equal(logged(), "");
}

static void every_kind_of_secret_makes_a_file_one_with_secrets(void **state)
{
    static const char *const lines[] = {
        "    token: a\n",
        "    accessToken: a\n",
        "    oauth2: {accessToken: a}\n",
        "    privateKey: a\n",
        "    jwk: {d: a}\n",
        "    proxy: {password: a}\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        char text[128];

        snprintf(text, sizeof(text), IN_CLIENT("%s"), lines[i]);
        write_file(w.home_file, text);
        assert_int_equal(chmod(w.home_file, 0644), 0);
        assert_refused("holds a secret and others can read it");
    }
}

static void the_home_file_must_not_be_somebody_elses(void **state)
{
    (void)state;
    only_root();
    write_file(w.home_file, IN_CLIENT("    clientId: a\n"));
    assert_int_equal(chown(w.home_file, NOBODY, NOBODY), 0);
    assert_refused("belongs to somebody else: it must be yours alone");
}

/* As container platforms mount secrets. */
static void a_file_of_roots_may_be_read_with_a_warning(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_config) by_group = NULL;
    okta_error err;
    okta_status st;

    (void)state;
    only_root();
    write_file(w.home_file, TOKEN);
    assert_int_equal(chmod(w.home_file, 0644), 0);
    assert_int_equal(load_as_nobody(&config, &err), OKTA_OK);
    assert_value(config, "token", SECRET);
    assert_holds(logged(),
                 "okta.yaml holds a secret and anybody can read it\n");
    okt_buf_clear(&w.log);
    assert_int_equal(chown(w.home_file, 0, NOBODY), 0);
    assert_int_equal(chmod(w.home_file, 0440), 0);
    assert_int_equal(setegid(NOBODY), 0);
    st = load_as_nobody(&by_group, &err);
    assert_int_equal(setegid(0), 0);
    assert_int_equal(st, OKTA_OK);
    assert_value(by_group, "token", SECRET);
    assert_string_equal(logged(), "");
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
    okta_config *config = NULL;
    okta_error err;

    (void)state;
    only_root();
    write_file(w.home_file, TOKEN);
    assert_int_equal(load_as_nobody(&config, &err), OKTA_ERR_CONFIG);
    assert_holds(err.message, "okta.yaml: Permission denied");
}

static void the_home_file_may_be_a_link_but_only_to_a_file(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    write_file(w.hidden_file, TOKEN);
    assert_int_equal(symlink(w.hidden_file, w.home_file), 0);
    config = load();
    assert_value(config, "token", SECRET);
    assert_int_equal(okta_config_source(config, "token"),
                     OKTA_SOURCE_HOME_FILE);
    assert_int_equal(chmod(w.hidden_file, 0604), 0);
    assert_refused("holds a secret and others can read it");
    remove(w.home_file);
    assert_int_equal(mkfifo(w.home_file, 0600), 0);
    assert_refused("okta.yaml is not a regular file");
    remove(w.home_file);
    assert_int_equal(mkdir(w.home_file, 0700), 0);
    assert_refused("okta.yaml is not a regular file");
}

static void the_folders_file_must_be_safe_or_is_ignored(void **state)
{
    static const struct {
        mode_t mode;
        const char *warning;
    } cases[] = {
        { 0600, NULL },
        { 0644, NULL },
        { 0620, "okta.yaml is ignored: it can be written by others\n" },
        { 0602, "okta.yaml is ignored: it can be written by others\n" },
        { 0666, "okta.yaml is ignored: it can be written by others\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = NULL;

        okt_buf_clear(&w.log);
        write_file(w.folder_file, IN_CLIENT("    maxRetries: 1\n"));
        assert_int_equal(chmod(w.folder_file, cases[i].mode), 0);
        config = load();
        assert_value(config, RETRIES, cases[i].warning == NULL ? "1" : NULL);
        assert_holds(logged(), cases[i].warning ? cases[i].warning : "");
        assert_int_equal(w.log.len > 0, cases[i].warning != NULL);
    }
    write_file(w.folder_file, TOKEN);
    assert_int_equal(chmod(w.folder_file, 0644), 0);
    assert_refused("holds a secret and others can read it");
}

/* okta.yaml is a name that anybody may give a file. */
static void what_is_not_ours_in_a_folder_is_passed_over(void **state)
{
    static const struct {
        const char *text;
        const char *warning; /* NULL: silence */
    } cases[] = {
        { "openapi: 3.0.3\npaths: {/x: {get: {}}}\n", NULL },
        { "spring: {x: y}\nokta: {oauth2: {issuer: x}}\n", NULL },
        { "a: b\n---\nc: d\n", ":2: a second document: the file is passed " },
        { "- a\n- b\n", ":1: the file is not a map: the file is passed over" },
        { "a: 1\na: 2\n", ":2: the key a is there twice: the file is passed" },
        { "okta: 5\n", ":1: okta is not a map" },
        { "okta: {client: [a]}\n", ":1: client is not a map" },
        { "okta: {}\nOkta: {}\n", "are the same key" },
        { "okta: {client: {token: a}}\nokta: {client: {token: b}}\n",
          ":2: the key okta is there twice" },
        { "\tx", ":1: not YAML" },
        { PASSWORD, "not a map" },
    };
    AUTO(char) big = calloc(1, 2000001);
    AUTO(okta_config) config = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) other = NULL;

        okt_buf_clear(&w.log);
        write_file(w.folder_file, cases[i].text);
        other = load();
        assert_value(other, "token", NULL);
        assert_holds(logged(),
                     cases[i].warning != NULL ? cases[i].warning : "");
        assert_int_equal(w.log.len > 0, cases[i].warning != NULL);
    }
    assert_non_null(big);
    memset(big, '#', 2000000);
    write_bytes(w.folder_file, big, 2000000);
    config = load();
    assert_holds(logged(),
                 "okta.yaml is over 1048576 bytes: the file is passed");
}

static void the_folders_file_must_be_a_file(void **state)
{
    AUTO(okta_config) linked = NULL;
    AUTO(okta_config) folder = NULL;
    AUTO(okta_config) fifo = NULL;

    (void)state;
    write_file(w.hidden_file, IN_CLIENT("    maxRetries: 1\n"));
    assert_int_equal(symlink(w.hidden_file, w.folder_file), 0);
    linked = load();
    assert_value(linked, RETRIES, NULL);
    assert_holds(logged(), "/okta.yaml is ignored: it is a symbolic link\n");
    remove(w.folder_file);
    remove(w.hidden_file);
    assert_int_equal(mkdir(w.folder_file, 0700), 0);
    okt_buf_clear(&w.log);
    folder = load();
    assert_holds(logged(), "/okta.yaml is ignored: it is not a regular file\n");
    remove(w.folder_file);
    assert_int_equal(mkfifo(w.folder_file, 0600), 0);
    okt_buf_clear(&w.log);
    fifo = load();
    assert_holds(logged(), "/okta.yaml is ignored: it is not a regular file\n");
}

static void the_folders_file_must_be_the_callers_own(void **state)
{
    AUTO(okta_config) others = NULL;
    AUTO(okta_config) roots = NULL;
    okta_error err;

    (void)state;
    only_root();
    write_file(w.folder_file, IN_CLIENT("    maxRetries: 1\n"));
    assert_int_equal(chmod(w.folder_file, 0644), 0);
    assert_int_equal(chown(w.folder_file, NOBODY, NOBODY), 0);
    others = load();
    assert_value(others, RETRIES, NULL);
    assert_holds(logged(),
                 "okta.yaml is ignored: it belongs to somebody else\n");
    assert_int_equal(chown(w.folder_file, 0, 0), 0);
    okt_buf_clear(&w.log);
    assert_int_equal(load_as_nobody(&roots, &err), OKTA_OK);
    assert_value(roots, RETRIES, NULL);
    assert_holds(logged(),
                 "okta.yaml is ignored: it belongs to somebody else\n");
}

/* ---------------------------------------------------------- Which file it is
 * --
 */

static void okta_yaml_goes_before_its_hidden_twin(void **state)
{
    AUTO(okta_config) hidden = NULL;
    AUTO(okta_config) both = NULL;

    (void)state;
    write_file(w.hidden_file, IN_CLIENT("    maxRetries: 1\n"));
    hidden = load();
    assert_value(hidden, RETRIES, "1");
    assert_int_equal(okta_config_source(hidden, RETRIES),
                     OKTA_SOURCE_FOLDER_FILE);
    assert_string_equal(logged(), "");
    write_file(w.folder_file, IN_CLIENT("    clientId: plain\n"));
    both = load();
    assert_value(both, RETRIES, NULL);
    assert_holds(logged(), "/.okta.yaml is ignored: ");
    assert_holds(logged(), "/okta.yaml is there too\n");
}

static void one_file_is_not_two_sources(void **state)
{
    okta_config_options options = test_options();
    AUTO(okta_config) config = NULL;
    char folder[PATH_MAX_LEN];

    (void)state;
    write_file(w.home_file, TOKEN);
    path_in(folder, w.home, ".okta");
    options.folder = folder;
    assert_int_equal(okta_config_load(&options, &config, NULL), OKTA_OK);
    assert_int_equal(okta_config_source(config, "token"),
                     OKTA_SOURCE_HOME_FILE);
}

static void home_and_folder_have_their_usual_places(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_config) none = NULL;
    okta_config_options options = OKTA_CONFIG_OPTIONS_INIT;
    AUTO(char) home = strdup(getenv("HOME") != NULL ? getenv("HOME") : "/");
    int here = open(".", O_RDONLY);

    (void)state;
    write_file(w.home_file, IN_CLIENT("    clientId: a\n"));
    write_file(w.folder_file, IN_CLIENT("    maxRetries: 2\n"));
    setenv("HOME", w.home, 1);
    assert_int_equal(chdir(w.folder), 0);
    assert_int_equal(okta_config_load(NULL, &config, NULL), OKTA_OK);
    options.home = "";
    options.folder = "";
    assert_int_equal(okta_config_load(&options, &none, NULL), OKTA_OK);
    assert_int_equal(fchdir(here), 0);
    close(here);
    setenv("HOME", home, 1);
    assert_value(config, "clientId", "a");
    assert_value(config, RETRIES, "2");
    assert_string_equal(okta_config_origin(config, RETRIES), "./okta.yaml:3");
    assert_value(none, "clientId", NULL);
    assert_value(none, RETRIES, NULL);
}

/* HOME=. would make the working directory's .okta/okta.yaml the home's. */
static void a_relative_home_is_ignored(void **state)
{
    okta_config_options options = OKTA_CONFIG_OPTIONS_INIT;
    AUTO(okta_config) config = NULL;
    AUTO(char) home = strdup(getenv("HOME") != NULL ? getenv("HOME") : "/");
    int here = open(".", O_RDONLY);

    (void)state;
    write_file(w.home_file, IN_CLIENT("    clientId: trap\n"));
    setenv("HOME", ".", 1);
    assert_int_equal(chdir(w.home), 0);
    options.folder = "";
    assert_int_equal(okta_config_load(&options, &config, NULL), OKTA_OK);
    assert_int_equal(fchdir(here), 0);
    close(here);
    setenv("HOME", home, 1);
    assert_true(okta_config_get(config, "clientId") == NULL ||
                strcmp(okta_config_get(config, "clientId"), "trap") != 0);
}

static void options_of_another_version_are_refused(void **state)
{
    okta_config_options options = test_options();
    okta_config *config = NULL;

    (void)state;
    options.size = sizeof(options) + 1;
    assert_int_equal(okta_config_load(&options, &config, NULL),
                     OKTA_ERR_ARGUMENT);
    assert_null(config);
}

static void libyaml_is_loaded_for_a_file_only(void **state)
{
    AUTO(okta_config) without = NULL;
    AUTO(okta_config) with = NULL;

    (void)state;
    setenv("OKTA_CLIENT_TOKEN", SECRET, 1);
    without = load();
    assert_int_equal(w.dlopens, 0);
    write_file(w.home_file, TOKEN);
    with = load();
    assert_int_equal(w.dlopens, 1);
    assert_int_equal(w.dlcloses, 1);
    w.no_library = true;
    assert_refused("okta.yaml: reading it takes libyaml (Debian: libyaml-0-2");
}

static void https_is_always_checked(void **state)
{
    static const char *const names[] = {
        "OKTA_TESTING_DISABLE_HTTPS_CHECK",
        "OKTA_TESTING_DISABLEHTTPSCHECK",
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK",
        "OKTA_TESTING_TESTING_DISABLE_HTTPS_CHECK",
        "OKTA_CLIENT_DISABLEHTTPSCHECK",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        AUTO(okta_config) config = NULL;

        forget_environment();
        okt_buf_clear(&w.log);
        setenv(names[i], "true", 1);
        config = load();
        assert_holds(logged(), names[i]);
        assert_holds(logged(), " is ignored: https is always checked\n");
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        setenv(names[i], i % 2 == 0 ? "False" : "", 1);
    okt_buf_clear(&w.log);
    okta_config_free(load());
    assert_string_equal(logged(), "");
    write_file(w.home_file, "okta:\n  testing:\n"
                            "    testingDisableHttpsCheck: true\n"
                            "    disableHttpsCheck: yes\n"
                            "  client: {disableHttpsCheck: 1}\n");
    okta_config_free(load());
    assert_holds(logged(), "okta.yaml:3: okta.testing.testingDisableHttpsCheck "
                           "is ignored: https is always checked\n");
    assert_holds(logged(), "okta.yaml:4: okta.testing.disableHttpsCheck is");
    assert_holds(logged(), "okta.yaml:5: okta.client.disableHttpsCheck is");
}

/* ------------------------------------------------------------------ Clients --
 */

/* What the client would send. */
static void assert_authorization(const okta_client *client, const char *want)
{
    okta_headers headers = OKT_HEADERS_INIT;
    okta_credential *credential = client->credential;
    struct okt_call call = { .method = "GET" };

    assert_int_equal(credential->ops->authorize(credential, &call, &headers,
                                                NULL),
                     OKTA_OK);
    assert_string_equal(headers.text.data, want);
    okt_buf_free(&headers.text);
}

static void the_mode_says_which_credential(void **state)
{
    static const struct {
        const char *mode;
        const char *token;
        const char *access;
        const char *header; /* NULL: fails with message */
        const char *message;
    } cases[] = {
        { NULL, "t", NULL, "Authorization: SSWS t", NULL },
        { "SSWS", "t", "a", "Authorization: SSWS t", NULL },
        { "Bearer", "t", NULL, "Authorization: Bearer t", NULL },
        { "Bearer", "t", "a", "Authorization: Bearer a", NULL },
        { "BearerToken", NULL, "a", "Authorization: Bearer a", NULL },
        { "PrivateKey", "t", "a", "Authorization: Bearer a", NULL },
        { "PrivateKey", "t", NULL, NULL, "no private key: set OKTA_CLIENT_" },
        { NULL, NULL, NULL, NULL, "no API token: set OKTA_CLIENT_TOKEN" },
        { NULL, NULL, "a", NULL, "no API token: set OKTA_CLIENT_TOKEN" },
        { "Bearer", NULL, NULL, NULL,
          "no access token: set OKTA_CLIENT_TOKEN" },
        { NULL, "t\xc3\xa4", NULL, NULL, "OKTA_CLIENT_TOKEN: character 2 of" },
    };

    (void)state;
    setenv("OKTA_CLIENT_ORGURL", ORG, 1);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;
        okta_error err;

        setenv("OKTA_CLIENT_AUTHORIZATIONMODE",
               cases[i].mode != NULL ? cases[i].mode : "", 1);
        setenv("OKTA_CLIENT_TOKEN",
               cases[i].token != NULL ? cases[i].token : "", 1);
        setenv("OKTA_CLIENT_OAUTH2_ACCESSTOKEN",
               cases[i].access != NULL ? cases[i].access : "", 1);
        config = load();
        if (cases[i].header == NULL) {
            assert_int_equal(make_client(config, &client, &err),
                             OKTA_ERR_CONFIG);
            assert_holds(err.message, cases[i].message);
            continue;
        }
        assert_int_equal(make_client(config, &client, &err), OKTA_OK);
        assert_authorization(client, cases[i].header);
    }
}

static void a_later_token_goes_before_an_earlier_access_token(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    write_file(w.home_file, IN_CLIENT("    authorizationMode: Bearer\n"
                                      "    accessToken: old\n"));
    setenv("OKTA_CLIENT_TOKEN", "new", 1);
    config = load();
    assert_value(config, "token", "new");
    assert_int_equal(okta_config_source(config, "token"),
                     OKTA_SOURCE_ENVIRONMENT);
}

static okta_config *config_with(const char *lines)
{
    char text[1024];

    snprintf(text, sizeof(text),
             IN_CLIENT("    token: " SECRET "\n    orgUrl: " ORG "\n%s"),
             lines);
    write_file(w.home_file, text);
    return load();
}

static void a_client_gets_what_is_configured(void **state)
{
    AUTO(okta_config)
    config = config_with("    requestTimeout: 20\n    connectionTimeout: 2500\n"
                         "    rateLimit: {maxRetries: 7, maxBackoff: 1}\n"
                         "    proxy: {host: p.test, port: 8080, username: me,\n"
                         "            password: " PASSWORD "}\n");
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    assert_string_equal(client->org_url, ORG);
    assert_authorization(client, "Authorization: SSWS " SECRET);
    assert_int_equal(client->options.timeout_ms, 20000);
    assert_int_equal(client->options.connect_timeout_ms, 2500);
    assert_int_equal(client->options.retries, 7);
    assert_int_equal(client->options.max_wait_s, 300);
    assert_string_equal(client->proxy, "http://p.test:8080");
    assert_string_equal(client->proxy_user, "me");
    assert_string_equal(client->proxy_password, PASSWORD);
}

static void the_callers_options_win(void **state)
{
    AUTO(okta_config)
    config = config_with("    requestTimeout: 20\n    connectionTimeout: 10\n"
                         "    maxRetries: 7\n    caFile: /nowhere.pem\n"
                         "    proxy: {host: p.test, port: 8080, username: me,\n"
                         "            password: " PASSWORD "}\n");
    AUTO(okta_client) client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    (void)state;
    options.timeout_ms = 1;
    options.connect_timeout_ms = 1;
    options.retries = OKTA_NONE;
    options.max_wait_s = 5;
    options.proxy = "http://mine.test:1";
    options.ca_file = "/etc/ssl/certs/ca-certificates.crt";
    options.user_agent = "me/1";
    assert_int_equal(okta_client_from_config(config, &options, &client, NULL),
                     OKTA_OK);
    assert_int_equal(client->options.timeout_ms, 1);
    assert_int_equal(client->options.connect_timeout_ms, 1);
    assert_int_equal(client->options.retries, 0);
    assert_int_equal(client->options.max_wait_s, 5);
    assert_string_equal(client->proxy, "http://mine.test:1");
    assert_null(client->proxy_user);
    assert_null(client->proxy_password);
    assert_string_equal(client->ca_file, "/etc/ssl/certs/ca-certificates.crt");
    assert_string_equal(client->user_agent, "me/1");
}

static void no_retries_and_no_timeout_mean_what_the_sdks_mean(void **state)
{
    AUTO(okta_config)
    config =
        config_with("    requestTimeout: 0\n    rateLimit: {maxRetries: 0}\n");
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    assert_int_equal(client->options.timeout_ms, 30000);
    assert_int_equal(client->options.retries, 0);
}

/* --------------------------------------------------- Keys and own ones --
 */

#define KEY_LINES                                           \
    "    authorizationMode: PrivateKey\n"                   \
    "    clientId: 0oa1\n    scopes: [a, b]\n    kid: k9\n" \
    "    privateKey: " EC_PRIVATE "\n"

static void a_private_key_makes_a_service_app(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_client) client = NULL;
    okta_credential_info info;
    okta_error err;

    (void)state;
    write_file(w.home_file, IN_CLIENT("    orgUrl: " ORG "\n" KEY_LINES));
    config = load();
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    okta_credential_describe(okta_client_credential(client), &info);
    assert_int_equal(info.kind, OKTA_CREDENTIAL_SERVICE);
    assert_string_equal(info.client_id, "0oa1");
    assert_string_equal(info.key_id, "k9");
    assert_string_equal(info.scopes, "a b");
}

/* The rule for tokens holds for keys: no repository collects assertions. */
static void a_key_goes_to_its_own_source_or_a_higher_one(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_config) second = NULL;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    write_file(w.home_file, IN_CLIENT(KEY_LINES));
    write_file(w.folder_file, IN_CLIENT("    orgUrl: https://evil.test\n"));
    config = load();
    assert_int_equal(make_client(config, &client, &err), OKTA_ERR_CONFIG);
    assert_holds(err.message, "no org");
    write_file(w.home_file, IN_CLIENT("    orgUrl: " ORG "\n"));
    write_file(w.folder_file, IN_CLIENT(KEY_LINES));
    assert_int_equal(chmod(w.folder_file, 0600), 0);
    second = load();
    assert_int_equal(make_client(second, &client, &err), OKTA_ERR_CONFIG);
    assert_holds(err.message, "which ranks lower");
    assert_null(client);
}

static void what_a_key_lacks_is_told(void **state)
{
    static const struct {
        const char *client_id;
        const char *mode;
        const char *key;
        const char *message;
    } cases[] = {
        { "", "PrivateKey", EC_PRIVATE, "no client id" },
        { "0oa1", "PrivateKey", "", "no private key" },
        { "0oa1", "", "", "okta-tokens login" },
        { "", "", EC_PRIVATE, "no API token" },
        { "0oa1", "PrivateKey", "key.pem", "not the path of a file" },
        { "0oa1", "PrivateKey", PASSWORD, "not the path of a file" },
        { "0oa1", "PrivateKey", "/nonexistent/key.pem", "No such file" },
        { "0oa1", "PrivateKey", EC_PUBLIC, "the public part" },
        { "0oa1", "PrivateKey", "{}", "neither RSA nor EC" },
        { "a b", "PrivateKey", EC_PRIVATE, "character 2 of the client id" },
    };

    (void)state;
    setenv("OKTA_CLIENT_ORGURL", ORG, 1);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;
        okta_error err;

        setenv("OKTA_CLIENT_CLIENTID", cases[i].client_id, 1);
        setenv("OKTA_CLIENT_AUTHORIZATIONMODE", cases[i].mode, 1);
        setenv("OKTA_CLIENT_PRIVATEKEY", cases[i].key, 1);
        config = load();
        assert_int_equal(make_client(config, &client, &err), OKTA_ERR_CONFIG);
        assert_holds(err.message, cases[i].message);
        assert_discreet(err.message);
    }
}

static okta_status with_credential(const okta_config *config, bool none,
                                   okta_client **out, okta_error *err)
{
    AUTO(okta_credential) credential = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    assert_int_equal(none ? okta_credential_none(&credential, NULL)
                          : okta_credential_ssws("own", &credential, NULL),
                     OKTA_OK);
    options.credential = credential;
    return okta_client_from_config(config, &options, out, err);
}

static void a_callers_credential_goes_where_the_caller_says(void **state)
{
    AUTO(okta_config) config = NULL;
    AUTO(okta_client) client = NULL;
    AUTO(okta_client) anonymous = NULL;
    okta_error err;

    (void)state;
    write_file(w.folder_file,
               IN_CLIENT("    orgUrl: https://evil.test\n    token: x\n"
                         "    proxy: {host: evil.test, port: 1}\n"));
    assert_int_equal(chmod(w.folder_file, 0600), 0);
    config = load();
    assert_int_equal(with_credential(config, false, &client, &err),
                     OKTA_ERR_CONFIG);
    assert_holds(err.message, "no org");
    assert_int_equal(with_credential(config, true, &client, &err),
                     OKTA_ERR_CONFIG);
    setenv("OKTA_CLIENT_ORGURL", ORG, 1);
    okta_config_free(config);
    config = load();
    assert_int_equal(with_credential(config, false, &client, &err), OKTA_OK);
    assert_string_equal(client->org_url, ORG);
    assert_null(client->proxy);
    okta_client_free(TAKE(client));
    assert_int_equal(with_credential(config, true, &anonymous, &err), OKTA_OK);
    assert_string_equal(anonymous->org_url, ORG);
    assert_null(anonymous->proxy);
    assert_int_equal(okta_config_set(config, "orgUrl", ORG, "--org", &err),
                     OKTA_OK);
    assert_int_equal(with_credential(config, false, &client, &err), OKTA_OK);
    assert_authorization(client, "Authorization: SSWS own");
    assert_null(client->proxy);
}

/* A program built against an older header has a shorter struct. */
static void the_settings_fill_what_shorter_options_lack(void **state)
{
    AUTO(okta_config)
    config = config_with("    requestTimeout: 20\n    maxRetries: 7\n");
    AUTO(okta_client) client = NULL;
    okta_client_options options;

    (void)state;
    memset(&options, 0xff, sizeof(options));
    options.size = offsetof(okta_client_options, ca_file);
    options.org_url = NULL;
    options.credential = NULL;
    options.user_agent = "me/1";
    assert_int_equal(okta_client_from_config(config, &options, &client, NULL),
                     OKTA_OK);
    assert_string_equal(client->user_agent, "me/1");
    assert_int_equal(client->options.timeout_ms, 20000);
    assert_int_equal(client->options.retries, 7);
}

static void options_must_not_bring_an_org(void **state)
{
    AUTO(okta_config) config = config_with("");
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_error err;

    (void)state;
    options.org_url = "https://evil.test";
    assert_int_equal(okta_client_from_config(config, &options, &client, &err),
                     OKTA_ERR_ARGUMENT);
    options.org_url = NULL;
    options.size++;
    assert_int_equal(okta_client_from_config(config, &options, &client, &err),
                     OKTA_ERR_ARGUMENT);
    assert_null(client);
}

static void a_proxy_has_a_host_and_a_port(void **state)
{
    static const struct {
        const char *lines;
        const char *url; /* NULL: refused */
    } cases[] = {
        { "{host: p.test, port: 8080}", "http://p.test:8080" },
        { "{host: 'p.test:3128'}", "http://p.test:3128" },
        { "{host: 'p.test:3128', port: 8080}", "http://p.test:3128" },
        { "{host: 'http://p.test', port: 8080}", "http://p.test:8080" },
        { "{host: 'https://p.test:1/'}", "https://p.test:1" },
        { "{host: 'socks5h://p.test', port: 2}", "socks5h://p.test:2" },
        { "{host: '::1', port: 8080}", "http://[::1]:8080" },
        { "{host: '[::1]', port: 8080}", "http://[::1]:8080" },
        { "{host: '[::1]:9'}", "http://[::1]:9" },
        { "{port: 8080}", "" },
        { "{host: p.test}", NULL },
        { "{host: 'http://p.test'}", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char line[128];
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;
        okta_error err;

        snprintf(line, sizeof(line), "    proxy: %s\n", cases[i].lines);
        config = config_with(line);
        if (cases[i].url == NULL) {
            assert_int_equal(make_client(config, &client, &err),
                             OKTA_ERR_CONFIG);
            assert_holds(err.message, "okta.yaml:5: proxy.host has no port");
            continue;
        }
        assert_int_equal(make_client(config, &client, &err), OKTA_OK);
        assert_string_equal(client->proxy != NULL ? client->proxy : "",
                            cases[i].url);
    }
}

static void the_program_can_say_no_proxy(void **state)
{
    AUTO(okta_config)
    config = config_with("    proxy: {host: p.test, port: 8080}\n");
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    set(config, "proxy.host", "");
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    assert_string_equal(client->proxy, "");
}

/* Its password goes to a proxy by the rule by which a token goes to an org. */
static void a_proxy_password_goes_to_no_proxy_of_a_folders(void **state)
{
    AUTO(okta_config)
    config = config_with("    proxy: {host: p.test, port: 1,"
                         " password: " PASSWORD "}\n");
    AUTO(okta_client) client = NULL;
    AUTO(okta_client) higher = NULL;
    AUTO(okta_client) lower = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(make_client(config, &client, &err), OKTA_OK);
    set(config, "proxy.host", "other.test");
    assert_int_equal(make_client(config, &higher, &err), OKTA_OK);
    set(config, "proxy.host", NULL);
    set(config, "proxy.password", PASSWORD "2");
    assert_int_equal(make_client(config, &lower, &err), OKTA_OK);
    assert_string_equal(lower->proxy_password, PASSWORD "2");
    okta_config_free(TAKE(config));

    write_file(w.folder_file, IN_CLIENT("    token: x\n    orgUrl: " ORG "\n"
                                        "    proxy: {host: evil.test}\n"));
    config = load();
    assert_int_equal(make_client(config, &client, &err), OKTA_ERR_CONFIG);
    assert_holds(err.message, "proxy.password is from ");
    assert_holds(err.message, "folder/okta.yaml:5: set both in the same place");
    okta_config_free(TAKE(config));

    okta_config_free(config_with("    proxy: {host: p.test, port: 1}\n"));
    write_file(w.folder_file, IN_CLIENT("    token: x\n    orgUrl: " ORG "\n"
                                        "    proxy: {password: pw}\n"));
    config = load();
    assert_int_equal(make_client(config, &client, &err), OKTA_ERR_CONFIG);
    assert_holds(err.message, "set both in the same place");
}

/* --------------------------------------------------------- Modes and CAs --
 */

static okta_credential_kind kind_of(const okta_config *config)
{
    AUTO(okta_client) client = NULL;
    okta_credential_info info;
    okta_error err;

    if (make_client(config, &client, &err) != OKTA_OK)
        fail_msg("%s", err.message);
    okta_credential_describe(okta_client_credential(client), &info);
    return info.kind;
}

static void a_key_and_a_client_id_need_no_mode(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    write_file(w.home_file,
               IN_CLIENT("    orgUrl: " ORG "\n    clientId: 0oa1\n"
                         "    privateKey: " EC_PRIVATE "\n"));
    config = load();
    assert_value(config, "authorizationMode", "PrivateKey");
    assert_int_equal(kind_of(config), OKTA_CREDENTIAL_SERVICE);
    okta_config_free(TAKE(config));
    setenv("OKTA_CLIENT_TOKEN", SECRET, 1);
    config = load();
    assert_value(config, "authorizationMode", NULL);
    assert_int_equal(kind_of(config), OKTA_CREDENTIAL_SSWS);
    okta_config_free(TAKE(config));
    setenv("OKTA_CLIENT_PRIVATEKEY", EC_PRIVATE, 1);
    config = load();
    assert_int_equal(kind_of(config), OKTA_CREDENTIAL_SSWS); /* as the SDKs */
    okta_config_free(TAKE(config));
    unsetenv("OKTA_CLIENT_TOKEN");
    write_file(w.folder_file, IN_CLIENT("    clientId: 0oa2\n"));
    write_file(w.home_file, IN_CLIENT("    orgUrl: " ORG "\n"));
    config = load();
    assert_value(config, "authorizationMode", NULL);
    assert_value(config, "clientId", NULL);
}

static void the_folders_mode_is_for_its_own_credential(void **state)
{
    AUTO(okta_config) config = NULL;

    (void)state;
    write_file(w.folder_file, IN_CLIENT("    authorizationMode: PrivateKey\n"));
    setenv("OKTA_CLIENT_TOKEN", SECRET, 1);
    setenv("OKTA_CLIENT_ORGURL", ORG, 1);
    config = load();
    assert_value(config, "authorizationMode", NULL);
    assert_int_equal(kind_of(config), OKTA_CREDENTIAL_SSWS);
    okta_config_free(TAKE(config));
    write_file(w.folder_file, IN_CLIENT("    authorizationMode: Bearer\n"
                                        "    accessToken: x\n"));
    unsetenv("OKTA_CLIENT_TOKEN");
    config = load();
    assert_value(config, "authorizationMode", "Bearer");
    assert_int_equal(kind_of(config), OKTA_CREDENTIAL_BEARER);
}

static void the_certificates_of_the_environment_count(void **state)
{
    static const struct {
        const char *file;
        const char *dir;
        const char *own; /* OKTA_CLIENT_CAFILE */
        const char *program;
        const char *want_file;
        const char *want_dir;
    } cases[] = {
        { "/f", NULL, NULL, NULL, "/f", NULL },
        { "/f", "/d", NULL, NULL, "/f", "/d" },
        { NULL, "/d", NULL, NULL, NULL, "/d" },
        { "", "", NULL, NULL, "/home", NULL },
        { "/f", "/d", "/own", NULL, "/own", NULL },
        { "/f", "/d", NULL, "/program", "/program", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;
        okta_error err;

        forget_environment();
        if (cases[i].file != NULL)
            setenv("SSL_CERT_FILE", cases[i].file, 1);
        if (cases[i].dir != NULL)
            setenv("SSL_CERT_DIR", cases[i].dir, 1);
        if (cases[i].own != NULL)
            setenv("OKTA_CLIENT_CAFILE", cases[i].own, 1);
        config = config_with("    caFile: /home\n");
        if (cases[i].program != NULL)
            set(config, "caFile", cases[i].program);
        assert_int_equal(make_client(config, &client, &err), OKTA_OK);
        assert_string_equal(client->ca_file != NULL ? client->ca_file : "",
                            cases[i].want_file != NULL ? cases[i].want_file
                                                       : "");
        assert_string_equal(client->ca_dir != NULL ? client->ca_dir : "",
                            cases[i].want_dir != NULL ? cases[i].want_dir : "");
    }
}

/* ---------------------------------------------------------------- Allocations
 * -- */

static okta_status do_everything(okta_config **config, okta_client **client)
{
    okta_config_options options = test_options();
    okta_client_options with = OKTA_CLIENT_OPTIONS_INIT;
    okta_status st = okta_config_load(&options, config, NULL);

    if (st == OKTA_OK)
        st = okta_config_set(*config, "requestTimeout", "5", "--timeout", NULL);
    if (st == OKTA_OK)
        st = okta_config_set(*config, "proxy.host", "", "--no-proxy", NULL);
    if (st == OKTA_OK)
        st = okta_client_from_config(*config, &with, client, NULL);
    return st;
}

static void assert_whole(const okta_config *config, const okta_client *client)
{
    static const char *const keys[] = { "token", "orgUrl", "scopes",
                                        "privateKey", "proxy.host" };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        assert_non_null(okta_config_get(config, keys[i]));
        assert_true(okta_config_origin(config, keys[i])[0] != '\0');
    }
    assert_string_equal(okta_client_org_url(client), ORG);
    assert_string_equal(client->proxy, "");
}

static void every_failed_allocation_is_survived(void **state)
{
    okta_status st = OKTA_ERR_MEMORY;
    long nth = 0;

    (void)state;
    write_file(w.home_file,
               IN_CLIENT("    token: " SECRET "\n    orgUrl: " ORG "\n"
                         "    scopes: [a, b]\n    jwk: {d: 'x\"', l: [y]}\n"
                         "    proxy: {host: p.test, port: 1}\n"));
    write_file(w.folder_file, IN_CLIENT("    x: &x\n      y: z\n    v: *x\n"
                                        "    requestTimeout: 1.5\n"));
    setenv("OKTA_CLIENT_ORGURL", ORG, 1);
    for (; st != OKTA_OK; nth++) {
        AUTO(okta_config) config = NULL;
        AUTO(okta_client) client = NULL;

        assert_true(nth < 2000);
        test_fail_alloc(nth);
        st = do_everything(&config, &client);
        test_fail_alloc(-1);
        if (st == OKTA_OK)
            assert_whole(config, client);
        else
            assert_int_equal(st, OKTA_ERR_MEMORY);
        if (st == OKTA_OK && test_alloc_failed())
            st = OKTA_ERR_MEMORY; /* a warning was lost, no more: go on */
    }
    assert_true(nth > 50);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(a_file_may_use_every_spelling),
    TEST(the_environment_may_use_every_spelling),
    TEST(a_variable_that_is_empty_is_not_set),
    TEST(the_environment_can_be_left_out),
    TEST(two_spellings_must_say_the_same),
    TEST(the_later_source_wins),
    TEST(what_is_not_set_has_no_source),
    TEST(secrets_are_known_as_such),
    TEST(values_come_in_one_form),
    TEST(what_stands_around_a_value_is_taken_off),
    TEST(a_relative_path_begins_where_it_was_written),
    TEST(what_cannot_be_is_refused),
    TEST(a_value_has_a_bound),
    TEST(a_file_without_settings_is_no_error),
    TEST(a_file_may_have_every_shape),
    TEST(a_bad_file_is_named_with_line_and_key),
    TEST(a_key_must_not_be_there_twice),
    TEST(null_is_nothing_only_where_it_is_plain),
    TEST(keys_must_not_differ_in_letter_case_alone),
    TEST(a_private_key_may_be_a_map),
    TEST(nesting_has_a_bound),
    TEST(the_size_of_a_file_has_a_bound),
    TEST(the_number_of_values_has_a_bound),
    TEST(aliases_cannot_multiply),
    TEST(a_credential_goes_to_any_org_of_the_callers),
    TEST(a_refusal_says_what_to_do),
    TEST(the_folder_never_redirects_a_credential_from_elsewhere),
    TEST(what_the_folder_gives_depends_on_the_credential),
    TEST(each_ignored_setting_is_named_once),
    TEST(a_token_that_the_mode_passes_over_is_not_called_ignored),
    TEST(the_home_file_must_be_safe),
    TEST(every_kind_of_secret_makes_a_file_one_with_secrets),
    TEST(the_home_file_must_not_be_somebody_elses),
    TEST(a_file_of_roots_may_be_read_with_a_warning),
    TEST(a_file_that_cannot_be_read_is_an_error),
    TEST(the_home_file_may_be_a_link_but_only_to_a_file),
    TEST(the_folders_file_must_be_safe_or_is_ignored),
    TEST(what_is_not_ours_in_a_folder_is_passed_over),
    TEST(the_folders_file_must_be_a_file),
    TEST(the_folders_file_must_be_the_callers_own),
    TEST(okta_yaml_goes_before_its_hidden_twin),
    TEST(one_file_is_not_two_sources),
    TEST(home_and_folder_have_their_usual_places),
    TEST(a_relative_home_is_ignored),
    TEST(options_of_another_version_are_refused),
    TEST(libyaml_is_loaded_for_a_file_only),
    TEST(https_is_always_checked),
    TEST(the_mode_says_which_credential),
    TEST(a_later_token_goes_before_an_earlier_access_token),
    TEST(a_client_gets_what_is_configured),
    TEST(the_callers_options_win),
    TEST(no_retries_and_no_timeout_mean_what_the_sdks_mean),
    TEST(the_settings_fill_what_shorter_options_lack),
    TEST(options_must_not_bring_an_org),
    TEST(a_private_key_makes_a_service_app),
    TEST(a_key_goes_to_its_own_source_or_a_higher_one),
    TEST(what_a_key_lacks_is_told),
    TEST(a_callers_credential_goes_where_the_caller_says),
    TEST(a_proxy_has_a_host_and_a_port),
    TEST(the_program_can_say_no_proxy),
    TEST(a_proxy_password_goes_to_no_proxy_of_a_folders),
    TEST(a_key_and_a_client_id_need_no_mode),
    TEST(the_folders_mode_is_for_its_own_credential),
    TEST(the_certificates_of_the_environment_count),
    TEST(every_failed_allocation_is_survived),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
