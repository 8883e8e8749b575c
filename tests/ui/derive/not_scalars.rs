use graven::Parameters;

#[derive(Parameters)]
#[repr(C)]
struct Scale {
    factor: [f32; 3],
    name: String,
}

fn main() {}
