# The style sheet as a header: its bytes, and the path that its hash is in.
#     cmake -D FROM=style.css -D TO=style.h -P style.cmake
file(READ ${FROM} hex HEX)
file(SHA256 ${FROM} hash)
string(SUBSTRING ${hash} 0 16 hash)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
file(WRITE ${TO} "#define STYLE_PATH \"/assets/${hash}.css\"\n#define STYLE_BYTES ${bytes}\n")
