# Puts libokta's headers into its page, in the place of the line HEADERS:
#     cmake -D FROM=libokta.3.scd -D TO=filled.scd -D INCLUDE=include -P headers.cmake
file(READ ${FROM} page)
file(GLOB headers ${INCLUDE}/okta/*.h)
set(all "")
foreach(header ${headers})
  get_filename_component(name ${header} NAME)
  file(READ ${header} text)
  # A page is no place for the guards and for what C++ needs.
  string(REGEX REPLACE "/\\* SPDX[^\n]*\n" "" text "${text}")
  string(REGEX REPLACE "#ifdef __cplusplus\n[^#]*#endif\n" "" text "${text}")
  string(REGEX REPLACE "#(ifndef|define) OKTA_[A-Z_]*_H\n" "" text "${text}")
  string(REGEX REPLACE "#endif\n*$" "" text "${text}")
  string(REGEX REPLACE "\n\n\n+" "\n\n" text "${text}")
  string(STRIP "${text}" text)
  string(APPEND all "## okta/${name}\n\n```\n${text}\n```\n\n")
endforeach()
string(REPLACE "HEADERS\n" "${all}" page "${page}")
file(WRITE ${TO} "${page}")
