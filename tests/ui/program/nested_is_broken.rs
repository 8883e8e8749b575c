use graven::model;

model! { pub Inner < Dense(3 -> 3, rlu) > }
model! { pub Outer < Inner, Dense(2) > }

fn main() {}
