package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import java.time.Instant;
import java.util.Optional;

/** What a listener hears. New kinds may come: end a chain of {@code instanceof} with nothing, not with an error. */
public interface BackupEvent {
  /** The run it belongs to. */
  Run run();

  /**
   * One call of a verb.
   *
   * @param verb {@code "create"}, {@code "verify"}, {@code "restore"}, {@code "prune"}, …
   * @param series the series
   * @param by who asked; empty if nobody was named
   * @param backup the backup it is about, once that is known
   * @param since when it began
   */
  record Run(String verb, String series, String by, Optional<BackupId> backup, Instant since) {
    /** On one line, whoever asked. */
    @Override
    public String toString() {
      return Text.shown(this);
    }
  }

  /**
   * It begins.
   *
   * @param run the run
   */
  record Started(Run run) implements BackupEvent {}

  /** What is being done with a component's content; it passes once in each step. Values may be added. */
  enum Step {
    /** A source makes a private copy of it. */
    COPY,
    /** It goes to the sink. */
    WRITE,
    /** It comes back from there. */
    READ
  }

  /**
   * It goes on.
   *
   * @param run the run
   * @param component what is being read or brought back
   * @param step what is being done with it
   * @param bytes of its content that have passed
   * @param total an estimate: the source's own, or else the content's size in the backup before; of a restore the true
   *     one; empty if there is none
   */
  record Progress(Run run, String component, Step step, long bytes, Optional<Long> total)
      implements BackupEvent {}

  /**
   * Something went wrong that does not end the run.
   *
   * @param run the run
   * @param subject what it is about: a component, a backup's id, a sink
   * @param message what happened, as a sentence
   */
  record Warned(Run run, String subject, String message) implements BackupEvent {}

  /**
   * It is done.
   *
   * @param run the run
   * @param result what the verb returns, as a sentence for people and audit logs
   */
  record Finished(Run run, String result) implements BackupEvent {}

  /**
   * It was not done.
   *
   * @param run the run
   * @param cause what the verb throws
   */
  record Failed(Run run, BackupException cause) implements BackupEvent {}
}
