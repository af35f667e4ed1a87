/**
 * A run from plan to report and what it leaves behind: its folder, tables, charts and subnets,
 * written so that a reader never sees half a file. The main type is {@link
 * io.github.moeanat.experiment.SearchRun}. How a search works and how a command is typed do not
 * belong here.
 */
package io.github.moeanat.experiment;
