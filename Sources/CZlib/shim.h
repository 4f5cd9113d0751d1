// zlib: reading .gz data files.
#pragma once
#include <zlib.h>
