# One interface target carries the language, the warnings and the hardening.
add_library(okta_flags INTERFACE)

# Includes are root-relative: the line names the room.
target_include_directories(okta_flags INTERFACE
  $<BUILD_INTERFACE:${CMAKE_CURRENT_LIST_DIR}/..> $<BUILD_INTERFACE:${CMAKE_BINARY_DIR}>)

target_compile_features(okta_flags INTERFACE c_std_17)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
include(CheckPIESupported)
check_pie_supported()

target_compile_definitions(okta_flags INTERFACE
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)

target_compile_options(okta_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla
  -Wformat=2 -Wundef -Wwrite-strings -Wcast-qual -Wimplicit-fallthrough
  -fno-common -fstack-protector-strong -fstack-clash-protection
  # clang takes a row that leaves its last members out, and a long literal in
  # two parts, for mistakes.
  $<$<C_COMPILER_ID:Clang>:-Wno-missing-field-initializers>
  $<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation>
  $<$<BOOL:${OKTA_WERROR}>:-Werror>)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_link_options(okta_flags INTERFACE -Wl,-z,relro,-z,now)
  if(NOT OKTA_SANITIZE)
    target_link_options(okta_flags INTERFACE -Wl,--no-undefined)
  endif()
endif()
if(OKTA_SANITIZE)
  target_compile_options(okta_flags INTERFACE
    -fsanitize=${OKTA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(okta_flags INTERFACE -fsanitize=${OKTA_SANITIZE})
endif()
if(OKTA_COVERAGE)
  target_compile_options(okta_flags INTERFACE --coverage)
  target_link_options(okta_flags INTERFACE --coverage)
endif()

# What must also build on a Mac: POSIX of 2008 and nothing beside it. base/,
# wire/, lib/ and cli/ use it; what is Linux alone stays in server/.
add_library(okta_portable INTERFACE)
target_compile_definitions(okta_portable INTERFACE _POSIX_C_SOURCE=200809L)
target_link_libraries(okta_portable INTERFACE okta_flags)
