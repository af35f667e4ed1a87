/**
 * The command line: commands, what they print and how they are stopped. The main type is {@code
 * Nat}. Anything that is of use without a terminal belongs elsewhere.
 */
package io.github.moeanat.cli;
