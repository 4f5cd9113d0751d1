// cairo's image surfaces, paths and text: all drawing of KDScope's figures.
#pragma once
#include <cairo/cairo.h>
#include <cairo/cairo-ft.h>
