-- Statistics for the planner; one statement at a time, outside a transaction.
VACUUM (ANALYZE) public.accounts;
VACUUM (ANALYZE) public.business_accounts;
VACUUM (ANALYZE) public.chat_messages;
VACUUM (ANALYZE) public.chat_participants;
VACUUM (ANALYZE) public.rate_limits;
