// cairo's image and PDF surfaces, paths and text: all drawing of KDScope's figures.
#pragma once
#include <cairo/cairo.h>
#include <cairo/cairo-ft.h>
#include <cairo/cairo-pdf.h>
