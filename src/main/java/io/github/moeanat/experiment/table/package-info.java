/**
 * Makes tables of measured architectures, and describes tables that are problems. The main type is
 * {@link io.github.moeanat.experiment.table.Tabulation}. What a table is as a problem belongs to
 * {@code problem.table}.
 */
package io.github.moeanat.experiment.table;
