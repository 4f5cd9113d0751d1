// OpenBLAS: LAPACK for decompositions of small matrices, and the reference that `kdscope bench gemm` holds the engine's
// matrix product against. Debian ships no header for LAPACK's Fortran entry points: those in use are declared here, the
// lengths of character arguments last, as gfortran passes them.
#pragma once
#include <cblas.h>

void dgesdd_(const char *job, const int *rows, const int *columns, double *matrix, const int *leading, double *values,
             double *left, const int *left_leading, double *right, const int *right_leading, double *work,
             const int *work_count, int *whole_work, int *status, size_t job_length);
void dsyevd_(const char *job, const char *triangle, const int *order, double *matrix, const int *leading,
             double *values, double *work, const int *work_count, int *whole_work, const int *whole_work_count,
             int *status, size_t job_length, size_t triangle_length);
void dsyevr_(const char *job, const char *range, const char *triangle, const int *order, double *matrix,
             const int *leading, const double *lower, const double *upper, const int *first, const int *last,
             const double *tolerance, int *found, double *values, double *vectors, const int *vectors_leading,
             int *support, double *work, const int *work_count, int *whole_work, const int *whole_work_count,
             int *status, size_t job_length, size_t range_length, size_t triangle_length);
void dgesv_(const int *order, const int *right_sides, double *matrix, const int *leading, int *pivots, double *sides,
            const int *sides_leading, int *status);
