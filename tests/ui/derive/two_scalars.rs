use graven::Parameters;

#[derive(Parameters)]
#[repr(C)]
struct Scale {
    factor: [f32; 3],
    shift: [f64; 3],
}

fn main() {}
