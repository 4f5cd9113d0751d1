// libjpeg-turbo: reading JPEG pictures. An error of libjpeg must jump out of it by longjmp, which Swift code must never
// be jumped over: so the whole decoding is two C functions.
#pragma once
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

typedef struct {
  uint32_t width, height;
  // 1 grey, 3 colours, 4 inks.
  int components;
} kds_jpeg_facts;

typedef struct {
  // First: libjpeg knows it by this address.
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
} kds_jpeg_errors;

static inline void kds_jpeg_fail(j_common_ptr info) {
  kds_jpeg_errors *errors = (kds_jpeg_errors *)info->err;
  info->err->format_message(info, errors->message);
  longjmp(errors->escape, 1);
}

static inline void kds_jpeg_output(j_common_ptr info) { (void)info; }

// libjpeg goes on behind damage with a warning, in grey; such pictures are refused.
static inline void kds_jpeg_warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_JPEG_EOF:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_ARITH_BAD_CODE: kds_jpeg_fail(info);
    default: return;
  }
}

// A small file can hold thousands of progressive scans, each as slow as a whole picture.
static inline void kds_jpeg_watch(j_common_ptr info) {
  if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > 200) {
    kds_jpeg_errors *errors = (kds_jpeg_errors *)info->err;
    strncpy(errors->message, "more than 200 scans", sizeof errors->message - 1);
    longjmp(errors->escape, 1);
  }
}

static inline void kds_jpeg_start(struct jpeg_decompress_struct *info, kds_jpeg_errors *errors,
                                  struct jpeg_progress_mgr *progress) {
  memset(info, 0, sizeof *info);
  memset(progress, 0, sizeof *progress);
  errors->message[0] = 0;
  info->err = jpeg_std_error(&errors->manager);
  errors->manager.error_exit = kds_jpeg_fail;
  errors->manager.emit_message = kds_jpeg_warn;
  errors->manager.output_message = kds_jpeg_output;
  progress->progress_monitor = kds_jpeg_watch;
}

// Reads the header alone. Returns 0, or 1 with errors->message set.
static inline int kds_jpeg_header(const uint8_t *bytes, size_t count, kds_jpeg_facts *facts, kds_jpeg_errors *errors) {
  struct jpeg_decompress_struct info;
  struct jpeg_progress_mgr progress;
  kds_jpeg_start(&info, errors, &progress);
  if (setjmp(errors->escape)) {
    jpeg_destroy_decompress(&info);
    return 1;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes, count);
  jpeg_read_header(&info, TRUE);
  facts->width = info.image_width;
  facts->height = info.image_height;
  facts->components = info.num_components;
  jpeg_destroy_decompress(&info);
  return 0;
}

// Decodes to 8 bits per sample, grey or red, green, blue by facts->components. `target` has room for
// facts->width * facts->height * facts->components bytes. Returns 0, or 1 with errors->message set.
static inline int kds_jpeg_decode(const uint8_t *bytes, size_t count, const kds_jpeg_facts *facts, uint8_t *target,
                                  kds_jpeg_errors *errors) {
  struct jpeg_decompress_struct info;
  struct jpeg_progress_mgr progress;
  kds_jpeg_start(&info, errors, &progress);
  if (setjmp(errors->escape)) {
    jpeg_destroy_decompress(&info);
    return 1;
  }
  jpeg_create_decompress(&info);
  info.progress = &progress;
  jpeg_mem_src(&info, bytes, count);
  jpeg_read_header(&info, TRUE);
  info.out_color_space = facts->components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&info);
  if (info.output_width != facts->width || info.output_height != facts->height ||
      info.output_components != facts->components)
    ERREXIT(&info, JERR_BAD_LENGTH);
  const size_t stride = (size_t)facts->width * (size_t)facts->components;
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = target + info.output_scanline * stride;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return 0;
}
