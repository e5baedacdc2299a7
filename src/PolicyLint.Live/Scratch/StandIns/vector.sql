-- Stands in for pgvector: its types with their modifiers and its distances, so that tables and functions that use them can be made.
-- A value is kept as the text that was written, and every distance is 0. The index methods are hash by another name, which takes no
-- storage parameters.
create type vector;
create function vector_in(cstring) returns vector language internal immutable strict parallel safe as 'textin';
create function vector_out(vector) returns cstring language internal immutable strict parallel safe as 'textout';
create function vector_typmod_in(cstring[]) returns integer language internal immutable strict parallel safe as 'varchartypmodin';
create function vector_typmod_out(integer) returns cstring language internal immutable strict parallel safe as 'varchartypmodout';
create type vector (input = vector_in, output = vector_out, typmod_in = vector_typmod_in, typmod_out = vector_typmod_out, storage = extended);

create type halfvec;
create function halfvec_in(cstring) returns halfvec language internal immutable strict parallel safe as 'textin';
create function halfvec_out(halfvec) returns cstring language internal immutable strict parallel safe as 'textout';
create type halfvec (input = halfvec_in, output = halfvec_out, typmod_in = vector_typmod_in, typmod_out = vector_typmod_out, storage = extended);

create type sparsevec;
create function sparsevec_in(cstring) returns sparsevec language internal immutable strict parallel safe as 'textin';
create function sparsevec_out(sparsevec) returns cstring language internal immutable strict parallel safe as 'textout';
create type sparsevec (input = sparsevec_in, output = sparsevec_out, typmod_in = vector_typmod_in, typmod_out = vector_typmod_out, storage = extended);

create cast (real[] as vector) with inout as assignment;
create cast (double precision[] as vector) with inout as assignment;
create cast (vector as halfvec) with inout as assignment;
create cast (halfvec as vector) with inout as assignment;
create cast (vector as sparsevec) with inout as assignment;
create cast (sparsevec as vector) with inout as assignment;

create function vector_eq(vector, vector) returns boolean language internal immutable strict parallel safe as 'byteaeq';
create function vector_ne(vector, vector) returns boolean language internal immutable strict parallel safe as 'byteane';
create operator = (leftarg = vector, rightarg = vector, function = vector_eq, commutator = =, negator = <>);
create operator <> (leftarg = vector, rightarg = vector, function = vector_ne, commutator = <>, negator = =);

create function l2_distance(vector, vector) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create function cosine_distance(vector, vector) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create function inner_product(vector, vector) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create function l1_distance(vector, vector) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create function vector_dims(vector) returns integer language sql immutable strict parallel safe as 'select 0';
create function vector_norm(vector) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create operator <-> (leftarg = vector, rightarg = vector, function = l2_distance, commutator = <->);
create operator <=> (leftarg = vector, rightarg = vector, function = cosine_distance, commutator = <=>);
create operator <#> (leftarg = vector, rightarg = vector, function = inner_product, commutator = <#>);
create operator <+> (leftarg = vector, rightarg = vector, function = l1_distance, commutator = <+>);

create function l2_distance(halfvec, halfvec) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create function cosine_distance(halfvec, halfvec) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create function inner_product(halfvec, halfvec) returns double precision language sql immutable strict parallel safe as 'select 0.0::double precision';
create operator <-> (leftarg = halfvec, rightarg = halfvec, function = l2_distance, commutator = <->);
create operator <=> (leftarg = halfvec, rightarg = halfvec, function = cosine_distance, commutator = <=>);
create operator <#> (leftarg = halfvec, rightarg = halfvec, function = inner_product, commutator = <#>);

create function vector_hash(vector) returns integer language internal immutable strict parallel safe as 'hashtext';
create function halfvec_hash(halfvec) returns integer language internal immutable strict parallel safe as 'hashtext';
create function sparsevec_hash(sparsevec) returns integer language internal immutable strict parallel safe as 'hashtext';
create function halfvec_eq(halfvec, halfvec) returns boolean language internal immutable strict parallel safe as 'byteaeq';
create function sparsevec_eq(sparsevec, sparsevec) returns boolean language internal immutable strict parallel safe as 'byteaeq';
create operator = (leftarg = halfvec, rightarg = halfvec, function = halfvec_eq, commutator = =);
create operator = (leftarg = sparsevec, rightarg = sparsevec, function = sparsevec_eq, commutator = =);

create access method hnsw type index handler hashhandler;
create operator class vector_l2_ops default for type vector using hnsw as operator 1 =, function 1 vector_hash(vector);
create operator class vector_ip_ops for type vector using hnsw as operator 1 =, function 1 vector_hash(vector);
create operator class vector_cosine_ops for type vector using hnsw as operator 1 =, function 1 vector_hash(vector);
create operator class vector_l1_ops for type vector using hnsw as operator 1 =, function 1 vector_hash(vector);
create operator class halfvec_l2_ops default for type halfvec using hnsw as operator 1 =, function 1 halfvec_hash(halfvec);
create operator class halfvec_ip_ops for type halfvec using hnsw as operator 1 =, function 1 halfvec_hash(halfvec);
create operator class halfvec_cosine_ops for type halfvec using hnsw as operator 1 =, function 1 halfvec_hash(halfvec);
create operator class halfvec_l1_ops for type halfvec using hnsw as operator 1 =, function 1 halfvec_hash(halfvec);
create operator class sparsevec_l2_ops default for type sparsevec using hnsw as operator 1 =, function 1 sparsevec_hash(sparsevec);
create operator class sparsevec_ip_ops for type sparsevec using hnsw as operator 1 =, function 1 sparsevec_hash(sparsevec);
create operator class sparsevec_cosine_ops for type sparsevec using hnsw as operator 1 =, function 1 sparsevec_hash(sparsevec);
create operator class sparsevec_l1_ops for type sparsevec using hnsw as operator 1 =, function 1 sparsevec_hash(sparsevec);

create access method ivfflat type index handler hashhandler;
create operator class vector_l2_ops default for type vector using ivfflat as operator 1 =, function 1 vector_hash(vector);
create operator class vector_ip_ops for type vector using ivfflat as operator 1 =, function 1 vector_hash(vector);
create operator class vector_cosine_ops for type vector using ivfflat as operator 1 =, function 1 vector_hash(vector);
create operator class halfvec_l2_ops default for type halfvec using ivfflat as operator 1 =, function 1 halfvec_hash(halfvec);
create operator class halfvec_ip_ops for type halfvec using ivfflat as operator 1 =, function 1 halfvec_hash(halfvec);
create operator class halfvec_cosine_ops for type halfvec using ivfflat as operator 1 =, function 1 halfvec_hash(halfvec);
