// libpng: reading PNG pictures. An error of libpng jumps out of it by longjmp, which Swift code must never be jumped
// over: so the whole decoding is one C function.
#pragma once
#include <png.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// What a decoding reads from, and the first complaint about it.
typedef struct {
  const uint8_t *bytes;
  size_t count, offset;
  char message[128];
} kds_png_source;

static inline void kds_png_read(png_structp png, png_bytep target, size_t count) {
  kds_png_source *source = (kds_png_source *)png_get_io_ptr(png);
  if (count > source->count - source->offset) png_error(png, "the file is cut short");
  memcpy(target, source->bytes + source->offset, count);
  source->offset += count;
}

static inline void kds_png_fail(png_structp png, png_const_charp message) {
  kds_png_source *source = (kds_png_source *)png_get_error_ptr(png);
  strncpy(source->message, message, sizeof source->message - 1);
  png_longjmp(png, 1);
}

static inline void kds_png_ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

// Decodes to 8 bits per sample: palettes to colours, high bytes of 16 bits, without alpha.
// `target` has room for width * height * channels bytes, as the caller read them from the header; `channels` is 1 for
// grey types and 3 for the others. Returns 0, or 1 with source->message set.
static inline int kds_png_decode(kds_png_source *source, uint8_t *target, uint32_t width, uint32_t height,
                                 int channels) {
  source->message[0] = 0;
  png_bytep *volatile rows = NULL;
  png_infop info = NULL;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, source, kds_png_fail, kds_png_ignore);
  if (png == NULL || (info = png_create_info_struct(png)) == NULL) {
    png_destroy_read_struct(&png, NULL, NULL);
    strncpy(source->message, "libpng has no memory", sizeof source->message - 1);
    return 1;
  }
  if (setjmp(png_jmpbuf(png))) {
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
  }
  png_set_user_limits(png, width, height);
  png_set_chunk_malloc_max(png, 8000000);
  png_set_chunk_cache_max(png, 128);
  png_set_read_fn(png, source, kds_png_read);
  png_read_info(png, info);
  png_set_palette_to_rgb(png);
  png_set_expand_gray_1_2_4_to_8(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  png_set_packing(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height ||
      png_get_rowbytes(png, info) != (size_t)width * (size_t)channels)
    png_error(png, "the header contradicts itself");
  rows = (png_bytep *)malloc(height * sizeof(png_bytep));
  if (rows == NULL) png_error(png, "no memory for the rows");
  for (uint32_t row = 0; row < height; row++) rows[row] = target + (size_t)row * width * (size_t)channels;
  png_read_image(png, rows);
  png_read_end(png, NULL);
  free(rows);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}
