/* SPDX-License-Identifier: Apache-2.0 */
/* base.h - the version, and what every header of libokta declares by. */
#ifndef OKTA_BASE_H
#define OKTA_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Written here and nowhere else: the build reads it, too. */
#define OKTA_VERSION_MAJOR 0
#define OKTA_VERSION_MINOR 1
#define OKTA_VERSION_PATCH 0

#define OKTA_TEXT_OF_(number) #number
#define OKTA_TEXT_(number) OKTA_TEXT_OF_(number)

/* Such as "1.2.3" and 0x010203. */
#define OKTA_VERSION               \
    OKTA_TEXT_(OKTA_VERSION_MAJOR) \
    "." OKTA_TEXT_(OKTA_VERSION_MINOR) "." OKTA_TEXT_(OKTA_VERSION_PATCH)
#define OKTA_VERSION_NUMBER                                      \
    (OKTA_VERSION_MAJOR * 0x10000 + OKTA_VERSION_MINOR * 0x100 + \
     OKTA_VERSION_PATCH)

#ifdef __GNUC__
#define OKTA_API __attribute__((visibility("default")))
#define OKTA_MUST_CHECK __attribute__((warn_unused_result))
#else
#define OKTA_API
#define OKTA_MUST_CHECK
#endif

/* A struct of options whose size is set and the rest zero; in C++ as well,
 * where naming one member of many is a warning or an error. */
#ifdef __cplusplus
extern "C++" {
namespace okta
{
template <class T> inline T sized()
{
    T options = T();

    options.size = sizeof(T);
    return options;
}
} // namespace okta
}
#define OKTA_SIZED_(type) okta::sized<type>()
#else
#define OKTA_SIZED_(type) { .size = sizeof(type) }
#endif

typedef struct okta_client okta_client;
typedef struct okta_credential okta_credential;
typedef struct okta_config okta_config;
typedef struct okta_device okta_device;
typedef struct okta_headers okta_headers;
typedef struct okta_response okta_response;
typedef struct okta_api_token okta_api_token;
typedef struct okta_user okta_user;
typedef struct okta_role okta_role;
typedef struct okta_zone okta_zone;
typedef struct okta_event okta_event;
typedef struct okta_page okta_page;
typedef struct okta_iter okta_iter;

/* The version of the library that runs, such as "1.2.3". */
OKTA_API const char *okta_version(void);

#ifdef __cplusplus
}
#endif

#endif
