/* SPDX-License-Identifier: Apache-2.0 */
/* ca.c - the certificate authority of one data folder, by GnuTLS. */
#include "server/http/ca.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "sys/clock.h"

enum {
    DAY = 86400,
    CA_DAYS = 3650,
    LEAF_DAYS = 60, /* at most 90 */
    SKEW = 300,     /* seconds that a client's clock may be behind */
    SERIAL_LEN = 16,
    KEY_ID_LEN = 20
};

#define KEY_BITS GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1)

typedef struct gnutls_x509_crt_int crt;
typedef struct gnutls_x509_privkey_int privkey;
typedef struct gnutls_name_constraints_st constraints;

AUTO_DEFINE(crt, gnutls_x509_crt_deinit)
AUTO_DEFINE(privkey, gnutls_x509_privkey_deinit)
AUTO_DEFINE(constraints, gnutls_x509_name_constraints_deinit)

/* Each returns 0 or one of GnuTLS's negative codes. */

static int make_key(privkey **out)
{
    int rc = gnutls_x509_privkey_init(out);

    if (rc == 0)
        rc = gnutls_x509_privkey_generate(*out, GNUTLS_PK_ECDSA, KEY_BITS, 0);
    return rc;
}

static int set_serial(crt *cert)
{
    unsigned char serial[SERIAL_LEN];
    int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

    if (rc != 0)
        return rc;
    serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40); /* positive */
    return gnutls_x509_crt_set_serial(cert, serial, sizeof(serial));
}

/* Which key it is, by a hash; the authority's in what it signs, too. */
static int set_key_id(crt *cert, crt *issuer)
{
    unsigned char id[KEY_ID_LEN];
    size_t len = sizeof(id);
    int rc = gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA1, id, &len);

    if (rc == 0)
        rc = gnutls_x509_crt_set_subject_key_id(cert, id, len);
    len = sizeof(id);
    if (rc == 0 && issuer != cert)
        rc =
            gnutls_x509_crt_get_key_id(issuer, GNUTLS_KEYID_USE_SHA1, id, &len);
    if (rc == 0 && issuer != cert)
        rc = gnutls_x509_crt_set_authority_key_id(cert, id, len);
    return rc;
}

/* What every certificate has. */
static int make_cert(privkey *key, const char *name, int days, crt **out)
{
    int64_t now = okt_clock_now();
    const char *wrong;
    int rc = gnutls_x509_crt_init(out);

    if (rc == 0)
        rc = gnutls_x509_crt_set_version(*out, 3);
    if (rc == 0)
        rc = set_serial(*out);
    if (rc == 0)
        rc = gnutls_x509_crt_set_dn(*out, name, &wrong);
    if (rc == 0)
        rc = gnutls_x509_crt_set_activation_time(*out, now - SKEW);
    if (rc == 0)
        rc = gnutls_x509_crt_set_expiration_time(*out,
                                                 now + (int64_t)days * DAY);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key(*out, key);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key_purpose_oid(*out, GNUTLS_KP_TLS_WWW_SERVER,
                                                 0);
    return rc;
}

static int permit(constraints *to, gnutls_x509_subject_alt_name_t type,
                  const char *text)
{
    gnutls_datum_t name = { (unsigned char *)(uintptr_t)text,
                            (unsigned)strlen(text) };
    int rc = 0;

    if (type != GNUTLS_SAN_IPADDRESS)
        return gnutls_x509_name_constraints_add_permitted(to, type, &name);
    name = (gnutls_datum_t){ NULL, 0 };
    rc = gnutls_x509_cidr_to_rfc5280(text, &name);
    if (rc == 0)
        rc = gnutls_x509_name_constraints_add_permitted(to, type, &name);
    gnutls_free(name.data);
    return rc;
}

/* ----------------------------------------------------------------- Hosts --
 */

/* Reads an IP address. Returns its length; 0: it is a name. */
static unsigned read_address(const char *host, unsigned char bytes[static 16])
{
    if (inet_pton(AF_INET, host, bytes) == 1)
        return 4;
    return inet_pton(AF_INET6, host, bytes) == 1 ? 16 : 0;
}

bool ca_host_is_valid(const char *text)
{
    static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789.-";
    unsigned char bytes[16];

    return read_address(text, bytes) != 0 ||
           (text[0] != '\0' && text[0] != '.' && text[0] != '-' &&
            text[strspn(text, name)] == '\0');
}

/* Whether what an authority signs may be for that host. */
static bool permits(constraints *names, const char *host)
{
    unsigned char bytes[16];
    unsigned len = read_address(host, bytes);
    const gnutls_datum_t address = { bytes, len };
    const gnutls_datum_t name = { (unsigned char *)(uintptr_t)host,
                                  (unsigned)strlen(host) };

    return gnutls_x509_name_constraints_check(names,
                                              len != 0 ? GNUTLS_SAN_IPADDRESS
                                                       : GNUTLS_SAN_DNSNAME,
                                              len != 0 ? &address : &name) != 0;
}

static int permit_host(constraints *to, const char *host)
{
    char cidr[64];
    unsigned char bytes[16];
    unsigned len = read_address(host, bytes);

    if (len == 0)
        return permit(to, GNUTLS_SAN_DNSNAME, host);
    snprintf(cidr, sizeof(cidr), "%s/%u", host, len * 8);
    return permit(to, GNUTLS_SAN_IPADDRESS, cidr);
}

static int constrain(crt *cert, const struct ca_hosts *hosts)
{
    AUTO(constraints) names = NULL;
    int rc = gnutls_x509_name_constraints_init(&names);

    if (rc == 0)
        rc = permit(names, GNUTLS_SAN_DNSNAME, "localhost");
    if (rc == 0)
        rc = permit(names, GNUTLS_SAN_IPADDRESS, "127.0.0.0/8");
    if (rc == 0)
        rc = permit(names, GNUTLS_SAN_IPADDRESS, "::1/128");
    for (size_t i = 0; i < hosts->count && rc == 0; i++)
        if (!permits(names, hosts->host[i]))
            rc = permit_host(names, hosts->host[i]);
    if (rc == 0)
        rc = gnutls_x509_crt_set_name_constraints(cert, names, 1);
    return rc;
}

static int make_authority(privkey *key, const struct ca_hosts *hosts, crt **out)
{
    int rc = make_cert(key, "CN=okta-orgd local authority", CA_DAYS, out);

    if (rc == 0)
        rc = gnutls_x509_crt_set_basic_constraints(*out, 1, 0);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key_usage(*out, GNUTLS_KEY_KEY_CERT_SIGN);
    if (rc == 0)
        rc = constrain(*out, hosts);
    if (rc == 0)
        rc = set_key_id(*out, *out);
    if (rc == 0)
        rc = gnutls_x509_crt_sign2(*out, *out, key, GNUTLS_DIG_SHA256, 0);
    return rc;
}

static int add_host(crt *cert, const char *host)
{
    unsigned char bytes[16];
    unsigned len = read_address(host, bytes);

    if (len != 0)
        return gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS,
                                                    bytes, len,
                                                    GNUTLS_FSAN_APPEND);
    return gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, host,
                                                (unsigned)strlen(host),
                                                GNUTLS_FSAN_APPEND);
}

static const char *const loopback[] = { "localhost", "127.0.0.1", "::1" };

static bool is_in(const char *host, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (okt_casecmp(host, list[i]) == 0)
            return true;
    return false;
}

static int get_constraints(crt *issuer, constraints **out)
{
    unsigned critical;
    int rc = gnutls_x509_name_constraints_init(out);

    return rc == 0 ? gnutls_x509_crt_get_name_constraints(issuer, *out, 0,
                                                          &critical)
                   : rc;
}

/* Loopback, and those of the hosts that the issuer permits: a single other one
 * would spoil the whole certificate. */
static int set_names(crt *cert, crt *issuer, const struct ca_hosts *hosts)
{
    AUTO(constraints) names = NULL;
    int rc = get_constraints(issuer, &names);

    for (size_t i = 0; i < ARRAY_LEN(loopback) && rc == 0; i++)
        rc = add_host(cert, loopback[i]);
    for (size_t i = 0; i < hosts->count && rc == 0; i++)
        if (!is_in(hosts->host[i], loopback, ARRAY_LEN(loopback)) &&
            !is_in(hosts->host[i], hosts->host, i) &&
            permits(names, hosts->host[i]))
            rc = add_host(cert, hosts->host[i]);
    return rc;
}

static int make_leaf(privkey *key, crt *issuer, privkey *issuer_key,
                     const struct ca_hosts *hosts, crt **out)
{
    int rc = make_cert(key, "CN=localhost", LEAF_DAYS, out);

    if (rc == 0)
        rc = gnutls_x509_crt_set_basic_constraints(*out, 0, -1);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key_usage(*out, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (rc == 0)
        rc = set_names(*out, issuer, hosts);
    if (rc == 0)
        rc = set_key_id(*out, issuer);
    if (rc == 0)
        rc = gnutls_x509_crt_sign2(*out, issuer, issuer_key, GNUTLS_DIG_SHA256,
                                   0);
    return rc;
}

/* -------------------------------------------------------------------- PEM --
 */

static int cert_pem(crt *cert, struct okt_buf *out)
{
    gnutls_datum_t pem = { NULL, 0 };
    int rc = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem);

    if (rc == 0)
        okt_buf_append(out, pem.data, pem.size);
    gnutls_free(pem.data);
    return rc == 0 && okt_buf_failed(out) ? GNUTLS_E_MEMORY_ERROR : rc;
}

static int key_pem(privkey *key, struct okt_buf *out)
{
    gnutls_datum_t pem = { NULL, 0 };
    int rc = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                               GNUTLS_PKCS_PLAIN, &pem);

    if (rc == 0)
        okt_buf_append(out, pem.data, pem.size);
    if (pem.data != NULL)
        okt_wipe(pem.data, pem.size);
    gnutls_free(pem.data);
    return rc == 0 && okt_buf_failed(out) ? GNUTLS_E_MEMORY_ERROR : rc;
}

static int parse_cert(const struct okt_buf *pem, crt **out)
{
    gnutls_datum_t data = { (unsigned char *)pem->data, (unsigned)pem->len };
    int rc = gnutls_x509_crt_init(out);

    return rc == 0 ? gnutls_x509_crt_import(*out, &data, GNUTLS_X509_FMT_PEM)
                   : rc;
}

static int parse_key(const struct okt_buf *pem, privkey **out)
{
    gnutls_datum_t data = { (unsigned char *)pem->data, (unsigned)pem->len };
    int rc = gnutls_x509_privkey_init(out);

    return rc == 0
               ? gnutls_x509_privkey_import(*out, &data, GNUTLS_X509_FMT_PEM)
               : rc;
}

/* ------------------------------------------------------------ The outside --
 */

static bool fail(int rc)
{
    say("certificates: %s", gnutls_strerror(rc));
    return false;
}

static bool write_file(const char *dir, const char *name,
                       const struct okt_buf *pem)
{
    AUTO(char) path = path_join(dir, name);

    if (path != NULL && file_replace(path, pem->data, pem->len))
        return true;
    say("could not write %s in the data folder: %s", name, strerror(errno));
    return false;
}

static bool read_file(const char *dir, const char *name, enum file_trust trust,
                      struct okt_buf *out)
{
    AUTO(char) path = path_join(dir, name);
    const char *why =
        path != NULL ? file_read(path, trust, out) : "out of memory";

    if (why != NULL)
        say("could not read %s in the data folder: %s", name, why);
    return why == NULL;
}

bool ca_create(const char *dir, const struct ca_hosts *hosts)
{
    OKT_BUF_AUTO cert_text = OKT_BUF_INIT(CA_PEM_MAX);
    OKT_BUF_AUTO key_text = OKT_BUF_INIT(CA_PEM_MAX);
    AUTO(privkey) key = NULL;
    AUTO(crt) cert = NULL;
    int rc = make_key(&key);

    if (rc == 0)
        rc = make_authority(key, hosts, &cert);
    if (rc == 0)
        rc = cert_pem(cert, &cert_text);
    if (rc == 0)
        rc = key_pem(key, &key_text);
    if (rc != 0)
        return fail(rc);
    return write_file(dir, CA_KEY_FILE, &key_text) &&
           write_file(dir, CA_CERT_FILE, &cert_text);
}

bool ca_read(const char *dir, struct okt_buf *out)
{
    return read_file(dir, CA_CERT_FILE, FILE_ANY, out);
}

bool ca_ensure(const char *dir, const struct ca_hosts *hosts)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(CA_PEM_MAX);
    AUTO(constraints) names = NULL;
    AUTO(crt) authority = NULL;
    size_t i = 0;
    int rc;

    if (!ca_read(dir, &text))
        return false;
    rc = parse_cert(&text, &authority);
    if (rc == 0)
        rc = get_constraints(authority, &names);
    if (rc != 0)
        return fail(rc);
    while (i < hosts->count && permits(names, hosts->host[i]))
        i++;
    if (i == hosts->count)
        return true;
    say("certificates: made another authority, which is for %s too; give "
        "clients " CA_CERT_FILE " of the data folder again",
        hosts->host[i]);
    return ca_create(dir, hosts);
}

bool ca_issue(const char *dir, const struct ca_hosts *hosts,
              struct okt_buf *cert, struct okt_buf *key)
{
    OKT_BUF_AUTO issuer_text = OKT_BUF_INIT(CA_PEM_MAX);
    OKT_BUF_AUTO issuer_key_text = OKT_BUF_INIT(CA_PEM_MAX);
    AUTO(privkey) issuer_key = NULL;
    AUTO(crt) issuer = NULL;
    AUTO(privkey) new_key = NULL;
    AUTO(crt) leaf = NULL;
    int rc;

    if (!ca_read(dir, &issuer_text) ||
        !read_file(dir, CA_KEY_FILE, FILE_PRIVATE, &issuer_key_text))
        return false;
    rc = parse_cert(&issuer_text, &issuer);
    if (rc == 0)
        rc = parse_key(&issuer_key_text, &issuer_key);
    if (rc == 0)
        rc = make_key(&new_key);
    if (rc == 0)
        rc = make_leaf(new_key, issuer, issuer_key, hosts, &leaf);
    if (rc == 0)
        rc = cert_pem(leaf, cert);
    if (rc == 0)
        rc = key_pem(new_key, key);
    return rc == 0 ? true : fail(rc);
}
