// OpenBLAS: the reference that `kdscope bench gemm` holds the engine's matrix product against.
#pragma once
#include <cblas.h>
