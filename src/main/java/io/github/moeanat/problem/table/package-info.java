/**
 * Tables of what was measured before as problems that cost microseconds. The main type is {@link
 * io.github.moeanat.problem.table.TabularProblem}. How tables are made does not belong here, and
 * nothing in here starts the engine.
 */
package io.github.moeanat.problem.table;
