/** Live PostgreSQL databases: {@link dev.lifeboat.postgres.PostgresSource} and how it connects. */
package dev.lifeboat.postgres;
