use graven::model;

model! { pub Net < Dense(64 -> 32, kernel_initializer = he_uniforn) > }

fn main() {}
