-- many.sql - :count tokens of a user, one in ten thousand of them a needle.
BEGIN;
WITH RECURSIVE n (i) AS (
    SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count
)
INSERT INTO token (id, hash, name, user_id, client_name, token_window,
    connection, include, exclude, created, last_updated, expires)
SELECT printf('00Tmany%013d', i), randomblob(32),
    CASE
    WHEN i % 10000 = 5000 THEN printf('token %07d, a needle', i)
    ELSE printf('token %07d', i)
    END,
    (SELECT id FROM user), 'Okta API', 'P30D', 'ANYWHERE', '', '',
    unixepoch() - 40 * 86400, unixepoch() - 86400, unixepoch() + 29 * 86400
FROM n;
INSERT INTO token_text (token_text) VALUES ('rebuild');
COMMIT;
