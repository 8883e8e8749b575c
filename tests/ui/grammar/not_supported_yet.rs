use graven::model;

model! { #[weights("net.safetensors")] pub Net < Dense(3 -> 2) > }

fn main() {}
