-- What may be sent only once, such as a conversion: the keys of what was delivered, so that neither a replay nor a sender
-- that repeats itself sends it again. Written with the record of the delivery; retention drops what is old.

create table sent_once (
  workspace_id integer not null,
  connection text not null,
  action text not null,
  once_key text not null,
  sent_at timestamptz not null,
  constraint sent_once_pkey primary key (workspace_id, connection, action, once_key),
  -- A connection of that name which is made later is another one, perhaps of another account.
  constraint sent_once_connection_known foreign key (workspace_id, connection) references connections on delete cascade
);

-- Rows come in the order of this time, so that a few pages of summary find the old ones, at hardly any cost per row.
create index sent_once_sent_at on sent_once using brin (sent_at);
